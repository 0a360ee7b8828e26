import { entryOf } from '../close.ts'
import { apiOf, type Call, type Room, type StepResult } from './call.ts'
import { decided } from './refusal.ts'

// Sessions whose drift was told: one alert each, however many calls the session makes.
const maxTold = 4_096

/** Who was told about already, by session and state. The oldest go first. */
export class ToldDrift {
  readonly #told = new Set<string>()

  /** @returns true the first time */
  add(session: string, state: string): boolean {
    const name = `${state}\n${session}`
    if (this.#told.has(name)) return false
    if (this.#told.size >= maxTold) this.#told.delete(this.#told.values().next().value!)
    this.#told.add(name)
    return true
  }
}

/**
 * The block in the system prompt that says what marks mean is gone, or was changed on the way. Whoever watches the log
 * must hear of it. The small jobs OpenClaw gives a model beside its turns (titles, summaries) have prompts of their
 * own and no tools: for those a missing block is a signal and no more.
 * @returns a refusal when the operator wants one; `null` to go on
 */
export function noteDrift(call: Call, { ports, told }: Room): StepResult | null {
  const state = call.signals.find((signal) => signal.startsWith('boundary.'))
  if (state === undefined || !call.caller!.turnRequired) return null
  if (state === 'boundary.missing' && apiOf(call).readToolNames(call.json).length === 0) return null
  const what = state === 'boundary.missing' ? 'is missing from' : 'was changed in'
  const reason = `the boundary block of the guard ${what} the system prompt of an agent`
  if (told.add(call.visit.turn?.sessionKey ?? '', state)) {
    ports.audit.note({ ...entryOf(call.visit), event_type: 'alert', severity: 'high', rule: `content.${state}`, reason })
  }
  return ports.content.refusesDrift ? decided(`content.${state}`, `${reason} (content.boundary_drift)`) : null
}
