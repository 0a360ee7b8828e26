import type { Decision } from './act.ts'

/** How much of the same, and how much at all, a task may do before it is taken for a runaway. */
export interface LoopLimits {
  /** The same tool with the same arguments, in one session within ten minutes. */
  identicalCalls: number
  /** Tool calls of one family of sessions within a minute. */
  actionsPerMinute: number
  /** Model calls of one run, that is, of one message or job and everything the agent does about it. */
  turnsPerTask: number
  /** Requests to a model that are the same to the last byte, in one session within ten minutes. */
  identicalRequests: number
  /** Times the sessions of one family hand work to each other within ten minutes. */
  handOffs: number
}

/** A tool call as the guard against loops sees it. */
export interface LoopCall {
  tool: string
  /** Digest of the arguments: equal digests are equal calls. A digest, because arguments may be megabytes. */
  fingerprint: string
  sessionKey: string
  /** Where the family of sub-agents began: they share one count, or spawning would be the way around it. */
  rootSessionKey: string
}

/**
 * Counts what agents do, and refuses the call that makes it a loop. What it counts it forgets by itself: a refused
 * agent that stops for a while may go on. Refused calls count too, so that one that does not stop gets nowhere.
 */
export interface LoopWatch {
  /** @param atMs time that only moves forward; @returns `null`: no loop */
  tool(call: LoopCall, atMs: number): Decision | null
  model(call: LoopRequest, atMs: number): Decision | null
}

/** A request to a model as the guard against loops sees it. */
export interface LoopRequest {
  runId: string
  sessionKey: string
  /** Equal for equal requests; `null`: not known. A turn that gets anywhere adds to the conversation each time. */
  fingerprint: string | null
}

const minuteMs = 60_000
const repeatMs = 10 * minuteMs
// A run lives as long as its turn; OpenClaw's own default time-out for agents ends it after ten minutes of silence.
const runMs = 6 * 60 * minuteMs
// Names come from the agent's side: a bound, so that inventing them fills no memory. The oldest go first.
const maxCounters = 20_000

/** OpenClaw's tools by which one session sets another one to work (docs, concepts/session-tool). */
const handingOver: ReadonlySet<string> = new Set(['sessions_send', 'sessions_spawn', 'agents_send'])

export function createLoopWatch(limits: LoopLimits): LoopWatch {
  const identical = createCounters(repeatMs)
  const actions = createCounters(minuteMs)
  const handOffs = createCounters(repeatMs)
  const turns = createCounters(runMs)
  const requests = createCounters(repeatMs)
  return {
    tool({ tool, fingerprint, sessionKey, rootSessionKey }, atMs) {
      if (tool === 'tool_call') return null // the wrapper of tool search: the call inside is judged, once
      const same = identical.count(`${sessionKey}\n${tool}\n${fingerprint}`, atMs)
      const all = actions.count(rootSessionKey, atMs)
      const handed = handingOver.has(tool) ? handOffs.count(rootSessionKey, atMs) : 0
      if (same > limits.identicalCalls) return loop('identical-calls', `the same call of ${tool} was made ${same} times within ten minutes`)
      if (handed > limits.handOffs) return loop('hand-offs', `sessions handed work to each other ${handed} times within ten minutes`)
      if (all > limits.actionsPerMinute) return loop('actions-per-minute', `this task made ${all} tool calls within a minute`)
      return null
    },
    model({ runId, sessionKey, fingerprint }, atMs) {
      const asked = turns.count(runId, atMs)
      const same = fingerprint === null ? 0 : requests.count(`${sessionKey}\n${fingerprint}`, atMs)
      if (asked > limits.turnsPerTask) return loop('turns-per-task', `this task has asked a model ${asked} times`)
      if (same <= limits.identicalRequests) return null
      return loop('identical-requests', `the same request was made to a model ${same} times within ten minutes`)
    },
  }
}

function loop(name: keyof typeof settings, reason: string): Decision {
  return { allow: false, rule: `loop.${name}`, reason: `${reason}; the limit is loops.${settings[name]} in config.yaml` }
}

const settings = {
  'identical-calls': 'identical_calls',
  'identical-requests': 'identical_requests',
  'actions-per-minute': 'actions_per_minute',
  'turns-per-task': 'turns_per_task',
  'hand-offs': 'hand_offs',
} as const

/** How often each name came within the last stretch of time: two halves, so that nothing is kept per event. */
function createCounters(windowMs: number): { count(name: string, atMs: number): number } {
  const counters = new Map<string, { startMs: number; now: number; before: number }>()
  return {
    count(name, atMs) {
      const counter = counters.get(name) ?? { startMs: atMs, now: 0, before: 0 }
      counters.delete(name) // put back at the end: the order of a Map is our order of age
      const windows = Math.floor((atMs - counter.startMs) / windowMs)
      if (windows > 0) {
        counter.before = windows === 1 ? counter.now : 0
        counter.now = 0
        counter.startMs += windows * windowMs
      }
      counter.now++
      counters.set(name, counter)
      if (counters.size > maxCounters) counters.delete(counters.keys().next().value!)
      // The part of the window before this one that still lies within `windowMs` of now, taken as evenly spread.
      const left = 1 - (atMs - counter.startMs) / windowMs
      return Math.floor(counter.now + counter.before * left)
    },
  }
}
