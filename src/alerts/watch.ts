import { setTimeout as sleep } from 'node:timers/promises'
import { pickEntries, type Entry, type PickOptions } from '../auditlog/index.ts'
import { HardshellError, type Clock } from '../base/index.ts'
import type { Channel } from './channel.ts'
import { createGate, sentenceOf, type Gate, type Held } from './gate.ts'
import { digest, groupOf, messageAbout, reaches, severityOf, shown, undeliveredRule, type Message, type MessagePorts } from './message.ts'
import type { AlertQueue, Parcel } from './queue.ts'

/** Who is told of a job, by `jobs.NAME.notify`. */
export type JobNotices = Readonly<Record<string, { slack?: string | undefined; email?: string | undefined } | undefined>>

export interface WatchOptions {
  /** The audit log. */
  path: string
  /** Where the log ended when this guard opened it: the first start ever begins there. */
  firstSeq: number
  channels: readonly Channel[]
  jobs: JobNotices
  everyMs?: number | undefined
}

export interface WatchPorts extends MessagePorts {
  clock: Clock
  /** Parcels were put into the queue, and so many were thrown out of it for them. */
  queued(thrownAway: readonly Parcel[]): void
  /** The log could not be read on. */
  broken(reason: string): void
}

// What is over is told within a second of it.
const dueEveryMs = 1000
// Of a log without alerts, this much is looked through once more after a crash: well under a second of reading.
const keepPositionEveryMs = 30_000

/** Reads the log, and puts what somebody is to be told into the queue, together with the place it has read to. */
export function watch(options: WatchOptions, queue: AlertQueue, ports: WatchPorts): { stop(): Promise<void> } {
  const ending = new AbortController()
  const nextSeq = placeToBegin(queue.position(options.path), options.firstSeq)
  const taking: Taking = { options, queue, gate: createGate(queue.held()), ports, kept: { nextSeq, atMs: Number.NEGATIVE_INFINITY }, brokenAt: new Map() }
  const timer = setInterval(() => tellWhatIsOver(taking), dueEveryMs).unref()
  const following = follow(taking, ending.signal)
  return {
    async stop() {
      clearInterval(timer)
      ending.abort()
      await following
    },
  }
}

interface Taking {
  options: WatchOptions
  queue: AlertQueue
  gate: Gate
  ports: WatchPorts
  /** The place in the log that is on the disk, and when it was put there. */
  kept: { nextSeq: number; atMs: number }
  /** When it was last told that the log cannot be read, by what was told. */
  brokenAt: Map<string, number>
}

async function follow(taking: Taking, signal: AbortSignal): Promise<void> {
  let from: PickOptions['from'] = taking.kept.nextSeq
  let seen: number | null = null
  while (!signal.aborted) {
    try {
      for await (const { entries, nextSeq } of pickEntries(pickOptions(taking, from), signal)) {
        take(taking, entries, nextSeq)
        seen = nextSeq
      }
    } catch (error) {
      if (signal.aborted) return
      from = afterFailure(taking, error)
      await pause(signal)
    }
  }
  if (seen !== null) keepPosition(taking, seen)
}

/** @returns where to go on */
function afterFailure(taking: Taking, error: unknown): PickOptions['from'] {
  const code = error instanceof HardshellError ? error.code : ''
  // The log begins later than we got to: the rest is all there is.
  if (code === 'auditlog.not-found') {
    tellBroken(taking, 'the audit log no longer reaches back to where alerts were last looked for')
    return 'start'
  }
  if (code === 'auditlog.chain-broken') {
    tellBroken(taking, unreadable)
    return 'end'
  }
  // A disk that is full or does not answer: once more, with what is known to be on it.
  forgetUnkept(taking)
  return taking.kept.nextSeq
}

const unreadable = 'a part of the audit log cannot be read, and nobody is told of alerts in it; run: hardshell audit verify'

/** Back to what is on the disk; where that cannot be read either, what is known stays. */
function forgetUnkept(taking: Taking): void {
  try {
    taking.gate = createGate(taking.queue.held())
  } catch {
    // Thrown from here it would end the guard.
  }
}

function pickOptions(taking: Taking, from: PickOptions['from']): PickOptions {
  const { path, everyMs } = taking.options
  return { path, types: ['alert', 'job_execution'], onBroken: () => tellBroken(taking, unreadable), ...(from !== undefined && { from }), ...(everyMs !== undefined && { everyMs }) }
}

/** After a power cut the end of the log may be missing, and with another log in its place all of it is. */
function placeToBegin(kept: number | null, firstSeq: number): number {
  return kept === null ? firstSeq : Math.min(kept, firstSeq)
}

function take(taking: Taking, entries: readonly Entry[], nextSeq: number): void {
  const { options, queue, gate, ports } = taking
  if (entries.length === 0 && ports.clock.monotonicMs() - taking.kept.atMs < keepPositionEveryMs) return
  const parcels = entries.flatMap((entry) => (entry.event_type === 'alert' ? ofAlert(entry, taking) : ofJob(entry, taking)))
  const thrown = queue.take({ parcels, held: gate.changes(), position: { log: options.path, nextSeq } }, ports.clock.now())
  taking.kept = { nextSeq, atMs: ports.clock.monotonicMs() }
  if (parcels.length > 0) ports.queued(thrown)
}

function ofAlert(entry: Entry, { options: { channels }, gate, ports }: Taking): Parcel[] {
  const isAboutSending = entry.rule === undeliveredRule
  const severity = severityOf(entry)
  // Nobody is told that Slack is dead by way of Slack.
  const to = channels.filter(({ name, minimumSeverity }) => reaches(severity, minimumSeverity) && !(isAboutSending && name === entry.detail?.['destination']))
  if (to.length === 0) return []
  let made: Message | null = null
  const message = (): Message => (made ??= messageAbout(entry, ports)) // of thousands, few are looked at so closely
  const arrival = { severity, rule: shown(entry.rule ?? entry.event_type, ports.redact), group: groupOf(entry), text: () => message().text }
  if (!isAboutSending && !gate.admit(arrival, ports.clock.now())) return []
  return to.map(({ name }) => ({ destination: name, message: message() }))
}

/** A job says whom it tells: neither severities nor limits of floods count, jobs run by the clock. */
function ofJob(entry: Entry, { options: { channels, jobs }, ports }: Taking): Parcel[] {
  const job = String(entry.detail?.['job'] ?? '')
  const notice = Object.hasOwn(jobs, job) ? jobs[job] : undefined
  if (!notice) return []
  const message = { ...messageAbout({ ...entry, severity: entry.severity ?? 'info' }, ports), rule: `job ${job}` }
  return (['slack', 'email'] as const).flatMap((name) => {
    const to = notice[name]
    return to !== undefined && channels.some((channel) => channel.name === name) ? [{ destination: name, message: { ...message, to } }] : []
  })
}

function tellWhatIsOver(taking: Taking): void {
  const { gate, queue, ports } = taking
  const now = ports.clock.now()
  const over = gate.due(now)
  const changes = gate.changes()
  if (changes.size === 0) return
  try {
    const parcels = over.flatMap((held) => toEverybody(summaryOf(held, now, ports.host), taking))
    const thrown = queue.take({ parcels, held: changes, position: null }, now)
    if (parcels.length > 0) ports.queued(thrown)
  } catch {
    forgetUnkept(taking) // what is on the disk is told when the disk takes it
  }
}

function toEverybody(message: Message, { options: { channels } }: Taking): Parcel[] {
  return channels.filter(({ minimumSeverity }) => reaches(message.severity, minimumSeverity)).map(({ name }) => ({ destination: name, message }))
}

function summaryOf(held: Held, now: number, host: string): Message {
  const { key, severity, group, until } = held
  const rule = held.kind === 'same' ? held.rule : 'alerts.flood'
  return { id: `hs_${digest([key, until])}`, severity, rule, text: sentenceOf(held), facts: [], at: new Date(now).toISOString(), host, group }
}

// A log can hold any number of bad lines, and whoever tells of each fills it up.
const brokenEveryMs = 600_000

/** The log cannot be trusted to carry this to us, so it goes straight into the queue. */
function tellBroken(taking: Taking, text: string): void {
  const { gate, queue, ports, brokenAt } = taking
  const nowMs = ports.clock.monotonicMs()
  if (nowMs - (brokenAt.get(text) ?? Number.NEGATIVE_INFINITY) < brokenEveryMs) return
  brokenAt.set(text, nowMs)
  ports.broken(text)
  const now = ports.clock.now()
  const rule = 'alerts.log-unreadable'
  if (!gate.admit({ severity: 'critical', rule, group: rule, text: () => text }, now)) return
  const message: Message = { id: `hs_${digest([rule, now])}`, severity: 'critical', rule, text, facts: [], at: new Date(now).toISOString(), host: ports.host, group: rule }
  try {
    ports.queued(queue.take({ parcels: toEverybody(message, taking), held: gate.changes(), position: null }, now))
  } catch {
    forgetUnkept(taking)
    brokenAt.set(text, nowMs - brokenEveryMs + brokenPauseMs) // told when the disk takes it, and not for each line until then
  }
}

function keepPosition({ options, queue, gate, ports }: Taking, nextSeq: number): void {
  try {
    queue.take({ parcels: [], held: gate.changes(), position: { log: options.path, nextSeq } }, ports.clock.now())
  } catch {
    // A full disk: after the next start some of the log is looked through once more, from the last place that was kept.
  }
}

// A log that stays unreadable is looked at again now and then, and not in circles.
const brokenPauseMs = 10_000

async function pause(signal: AbortSignal): Promise<void> {
  await sleep(brokenPauseMs, undefined, { signal, ref: false }).catch(() => {})
}
