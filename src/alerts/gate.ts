import type { Severity } from './message.ts'

/** What the gate has to know of an alert. */
export interface Arrival {
  severity: Severity
  rule: string
  /** The same for alerts that are about the same. */
  group: string
  /** Asked for only when it is needed: making one costs. */
  text(): string
}

/** Something that was told, or is too much, and what came of it since. */
export interface Held {
  key: string
  kind: 'same' | 'flood'
  severity: Severity
  rule: string
  group: string
  /** The text of the first. */
  text: string
  /** Milliseconds since 1970 when it is over. */
  until: number
  /** How many were kept back, by rule. */
  counts: Record<string, number>
}

/** Lets the first of many through and counts the others. Knows no clock and no disk. */
export interface Gate {
  /** Whether it is to be sent by itself; else it is counted and `due` tells of it. */
  admit(alert: Arrival, now: number): boolean
  /** What is over: those with something kept back are to be told now. All of them are forgotten. */
  due(now: number): Held[]
  /** What changed since the last call, to be kept for the time after a crash; `null`: to be forgotten. */
  changes(): Map<string, Held | null>
}

// As long as a person takes to look: what goes on is told again after it, with how often it happened.
const sameForMs = 300_000
const minuteMs = 60_000
// Five of one kind tell that there are many. Rules are ours: one that is driven by somebody outside drowns no other.
const perRule = 5
// Slack takes one message a second, PagerDuty two (120 a minute and key): a third of the slower one. By severity, so
// that a flood of warnings keeps no critical alert back.
const perSeverity = 20
// Whom alerts are about is said by others; beyond this many only the limits of the minute count.
const maxRemembered = 2000
// Rules named in one message; ours are some dozens.
const maxRules = 20

export function createGate(kept: readonly Held[]): Gate {
  const held = new Map(kept.map((one) => [one.key, one]))
  const changed = new Map<string, Held | null>()
  const minute = { until: 0, sent: new Map<string, number>() }
  const put = (one: Held): void => {
    held.set(one.key, one)
    changed.set(one.key, one)
  }
  const count = (one: Held, rule: string): false => {
    const name = Object.hasOwn(one.counts, rule) || Object.keys(one.counts).length < maxRules ? rule : 'others'
    one.counts[name] = (one.counts[name] ?? 0) + 1
    put(one)
    return false
  }
  return {
    admit({ severity, rule, group, text }, now) {
      const same = held.get(`same:${group}`)
      // Also after its time, until `due` has told what was kept back: a new beginning would forget the number.
      if (same && (isOpen(same.until, now, sameForMs) || Object.keys(same.counts).length > 0)) return count(same, rule)
      if (!isOpen(minute.until, now, minuteMs)) Object.assign(minute, { until: now + minuteMs, sent: new Map() })
      const [ofRule, ofSeverity] = [minute.sent.get(`rule ${rule}`) ?? 0, minute.sent.get(severity) ?? 0]
      if (ofRule >= perRule || ofSeverity >= perSeverity) {
        const flood = held.get(`flood:${severity}`)
        return count(flood ?? { key: `flood:${severity}`, kind: 'flood', severity, rule, group: `flood-${severity}`, text: '', until: minute.until, counts: {} }, rule)
      }
      minute.sent.set(`rule ${rule}`, ofRule + 1).set(severity, ofSeverity + 1)
      if (held.size < maxRemembered) put({ key: `same:${group}`, kind: 'same', severity, rule, group, text: text(), until: now + sameForMs, counts: {} })
      return true
    },
    due(now) {
      const over = [...held.values()].filter(({ until }) => !isOpen(until, now, sameForMs))
      for (const { key } of over) {
        held.delete(key)
        changed.set(key, null)
      }
      return over.filter(({ counts }) => Object.keys(counts).length > 0)
    },
    changes() {
      const all = new Map(changed)
      changed.clear()
      return all
    },
  }
}

/** Not over yet; an end too far away is one of before the clock was set back. */
function isOpen(until: number, now: number, lengthMs: number): boolean {
  return until > now && until - now <= lengthMs
}

/** What was kept back, in a sentence. */
export function sentenceOf({ kind, counts, text }: Held): string {
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0)
  if (kind === 'same') return `${all} more of the same within ${sameForMs / minuteMs} minutes: ${text}`
  const rules = Object.entries(counts).map(([rule, one]) => `${rule} ${one}×`).join(', ')
  return `${all} more within a minute were not sent one by one: ${rules}; run: hardshell audit search --type alert --last 1h`
}
