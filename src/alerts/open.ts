import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../base/index.ts'
import { destinationNames, type Channel, type ChannelPorts, type Delivery, type DestinationName } from './channel.ts'
import { openChannels } from './channels.ts'
import { deliver, trySend, type Trouble } from './deliver.ts'
import { alertsError } from './errors.ts'
import { digest, type Message } from './message.ts'
import { createQueue, type DestinationState } from './queue.ts'
import type { NotificationSettings } from './settings.ts'
import { watch, type JobNotices } from './watch.ts'

export interface AlertOptions {
  notifications: NotificationSettings
  jobs: JobNotices
  /** The audit log, and where it ended when it was opened. */
  log: { path: string; firstSeq: number }
  /** Of the machine; it stands in every message. */
  host: string
  /** How often the log is looked at; left out: twice in a second. */
  everyMs?: number
}

export interface AlertPorts extends ChannelPorts {
  clock: Clock
  /** With `migrations` applied. */
  db: DatabaseSync
  redact(text: string): string
  /** A destination gets nothing, or the log cannot be read; called seldom. */
  report(trouble: Trouble): void
  broken(reason: string): void
}

/** One destination as `hardshell alerts list` shows it. */
export type DestinationRow = DestinationState & { name: DestinationName; where: string; minimumSeverity: string }

/** How a test message fared. */
export type TestedDestination = { name: DestinationName; where: string } & Delivery

export interface Alerts {
  list(): DestinationRow[]
  /**
   * Sends a test message now, past queue and limits.
   * @param name left out: to every destination
   * @throws HardshellError `alerts.no-destination`
   */
  test(name?: string): Promise<TestedDestination[]>
  stop(): Promise<void>
}

/** Reads the log and sends, until it is stopped. Without a destination nothing is read. */
export function openAlerts(options: AlertOptions, ports: AlertPorts): Alerts {
  const channels = openChannels(options.notifications, ports)
  const queue = createQueue(ports.db)
  queue.keepOnly(channels.map(({ name }) => name))
  const delivering = deliver(channels, queue, ports)
  const watching = channels.length === 0 ? null : watch(watchOptions(options, channels), queue, {
    ...ports,
    host: options.host,
    queued(thrown) {
      delivering.wake()
      for (const { name } of channels) {
        const count = thrown.filter(({ destination, message }) => destination === name && !message.isAboutSending).length
        if (count > 0) delivering.overflowed(name, count)
      }
    },
  })
  delivering.wake() // what a guard before this one did not get rid of
  const ending = new AbortController()
  return {
    list: () => channels.map(({ name, where, minimumSeverity }) => ({ name, where, minimumSeverity, ...queue.state(name) })),
    async test(name) {
      const message = testMessage(options.host, ports.clock.now())
      return await Promise.all(wanted(channels, name).map(async (channel) => ({ name: channel.name, where: channel.where, ...(await trySend(channel, message, ending.signal)) })))
    },
    async stop() {
      ending.abort()
      await watching?.stop()
      await delivering.stop()
    },
  }
}

function watchOptions({ jobs, log, everyMs }: AlertOptions, channels: readonly Channel[]): Parameters<typeof watch>[0] {
  return { ...log, channels, jobs, everyMs }
}

function wanted(channels: readonly Channel[], name: string | undefined): readonly Channel[] {
  const found = channels.filter((channel) => name === undefined || channel.name === name)
  if (found.length > 0) return found
  const isKnown = name === undefined || (destinationNames as readonly string[]).includes(name)
  const message = name === undefined ? 'no destination is configured' : isKnown ? `no ${name} is configured` : `there is no destination of that name: ${destinationNames.join(', ')}`
  throw alertsError('alerts.no-destination', message, { hint: 'write it below notifications in monitoring.yaml, then: hardshell config check' })
}

function testMessage(host: string, now: number): Message {
  return {
    id: `hs_${digest(['test', host, now])}`,
    severity: 'info',
    rule: 'alerts.test',
    text: 'a test message of Hardshell: nothing happened, and alerts arrive here',
    facts: [],
    at: new Date(now).toISOString(),
    host,
    group: 'test',
  }
}
