import { setTimeout as sleep } from 'node:timers/promises'
import { formatDuration, type Clock } from '../base/index.ts'
import type { Channel, Delivery } from './channel.ts'
import type { Message } from './message.ts'
import type { AlertQueue, Waiting } from './queue.ts'

/** Something nobody was told, and that at least the log has to say. */
export interface Trouble {
  destination: string
  reason: string
}

export interface DeliveryPorts {
  clock: Clock
  /** Called seldom, however much goes wrong. */
  report(trouble: Trouble): void
}

/** Sends what waits, each destination by itself: a dead one holds up no other. */
export interface Delivering {
  /** There may be something to send. */
  wake(): void
  /** These were thrown away before they were tried. */
  overflowed(destination: string, count: number): void
  /** Ends what is being sent; what was not taken stays in the queue. */
  stop(): Promise<void>
}

// Two seconds for a hiccup, doubled with each try, five minutes at most: a service that is back has it soon.
const firstPauseMs = 2000
const longestPauseMs = 300_000
// After a day it is history; the log has it.
const giveUpAfterMs = 86_400_000
// The third try comes after six seconds: shorter troubles mend themselves.
const troubleAfterTries = 3
// One entry in the log for each ten minutes of trouble, whatever happens in them.
const reportEveryMs = 600_000
// A send has 5 s to connect and some to be answered.
const sendTimeoutMs = 20_000

export function deliver(channels: readonly Channel[], queue: AlertQueue, ports: DeliveryPorts): Delivering {
  const ending = new AbortController()
  const lines = new Map(channels.map((channel) => [channel.name as string, createLine(channel, queue, { ...ports, signal: ending.signal })]))
  return {
    wake: () => {
      for (const line of lines.values()) line.wake()
    },
    overflowed: (destination, count) => lines.get(destination)?.lost(count, 'too much waits already'),
    async stop() {
      ending.abort()
      await Promise.all([...lines.values()].map((line) => line.ended()))
    },
  }
}

interface Line {
  wake(): void
  lost(count: number, why: string): void
  ended(): Promise<void>
}

function createLine(channel: Channel, queue: AlertQueue, { clock, report, signal }: DeliveryPorts & { signal: AbortSignal }): Line {
  let running: Promise<void> | null = null
  let isWanted = false // something came while the last round ended
  let timer: NodeJS.Timeout | undefined
  let tries = 0
  let waitUntilMs = 0
  let isTold = false // that it is dead, since it last took something
  let aside: number[] = [] // tried again and again: whether it is they, others have to show
  const troubles = createReporter(channel.name, clock, report)
  const ageOf = createAges(clock)
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true })

  const wake = (): void => {
    isWanted = true
    if (running || signal.aborted) return
    clearTimeout(timer)
    const pauseMs = waitUntilMs - clock.monotonicMs()
    if (pauseMs > 0) timer = setTimeout(wake, pauseMs).unref()
    else running = round()
  }
  const round = async (): Promise<void> => {
    isWanted = false
    try {
      await work()
    } catch {
      waitUntilMs = clock.monotonicMs() + longestPauseMs // the database cannot be written to
    }
    running = null
    if (isWanted || waitUntilMs > clock.monotonicMs()) wake()
  }
  const lose = (waiting: Waiting, why: string): void => {
    queue.lose(channel.name, waiting.id)
    if (!waiting.message.isAboutSending) troubles.lost(1, why)
  }
  const next = (): Waiting | null => {
    const other = queue.next(channel.name, aside)
    if (other || aside.length === 0) return other
    aside = []
    return queue.next(channel.name)
  }
  const work = async (): Promise<void> => {
    for (let waiting = next(); waiting && !signal.aborted; waiting = next()) {
      if (ageOf(waiting) > giveUpAfterMs) {
        lose(waiting, `not taken within ${formatDuration(giveUpAfterMs)}`)
        continue
      }
      const end = await trySend(channel, waiting.message, signal)
      if (signal.aborted && end.state !== 'delivered') return
      if (end.state === 'delivered') {
        tries = 0
        isTold = false
        queue.delivered(channel.name, waiting.id, clock.now())
      } else if (end.state === 'refused') lose(waiting, end.reason)
      else {
        queue.failing(channel.name, end.reason, clock.now())
        if (++tries >= troubleAfterTries) {
          aside.push(waiting.id)
          if (!isTold && !waiting.message.isAboutSending) troubles.failing(end.reason)
          isTold ||= !waiting.message.isAboutSending
        }
        waitUntilMs = clock.monotonicMs() + Math.max(end.afterMs ?? 0, Math.min(firstPauseMs * 2 ** Math.min(tries - 1, 10), longestPauseMs))
        return
      }
    }
  }
  return { wake, lost: troubles.lost, ended: async () => await (running ?? undefined) }
}

/** How long something waits; a clock that was set ahead (a board without one starts in the past) makes nothing old. */
function createAges(clock: Clock): (waiting: Waiting) => number {
  const aheadMs = (): number => clock.now() - clock.monotonicMs()
  const beganAheadMs = aheadMs()
  return ({ since }) => clock.now() - since - Math.max(0, aheadMs() - beganAheadMs)
}

/** Sends one message now; the end is always told within a bounded time. */
export async function trySend(channel: Channel, message: Message, signal: AbortSignal): Promise<Delivery> {
  const ended = new AbortController()
  const either = AbortSignal.any([signal, AbortSignal.timeout(sendTimeoutMs)])
  try {
    return await Promise.race([channel.send(message, either), overdue(either, ended.signal)])
  } catch {
    // A channel answers for its other end; what is thrown is a store of secrets that fails.
    return { state: 'later', reason: 'its secret cannot be read just now' }
  } finally {
    ended.abort()
  }
}

// A channel that is told to end knows better why, and does so at once.
const graceMs = 1000

/** For what does not end when it is told to: a store of secrets that says nothing. */
async function overdue(signal: AbortSignal, ended: AbortSignal): Promise<Delivery> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true, signal: ended }))
  await sleep(graceMs, undefined, { signal: ended }).catch(() => {})
  return { state: 'later', reason: 'no answer in time' }
}

function createReporter(destination: string, clock: Clock, report: DeliveryPorts['report']): { lost(count: number, why: string): void; failing(why: string): void } {
  let toldAtMs = Number.NEGATIVE_INFINITY
  let count = 0
  const tell = (reason: string): void => {
    if (clock.monotonicMs() - toldAtMs < reportEveryMs) return
    toldAtMs = clock.monotonicMs()
    count = 0
    report({ destination, reason })
  }
  return {
    lost(more, why) {
      count += more
      tell(`${count === 1 ? 'an alert was' : `${count} alerts were`} not delivered to ${destination}: ${why}`)
    },
    failing: (why) => tell(`alerts for ${destination} wait: ${why}`),
  }
}
