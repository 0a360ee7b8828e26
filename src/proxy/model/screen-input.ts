import { setImmediate as rest } from 'node:timers/promises'
import { apiOf, type Call, type Room, type StepResult } from './call.ts'
import { noteDrift } from './drift.ts'
import type { InputText, InputVerdict } from './ports.ts'
import { decided } from './refusal.ts'
import { rewriteInput } from './rewrite-input.ts'
import { maxNewChars, scopeOf, type Allowance, type ScreenedTexts } from './screened-texts.ts'

/**
 * What people, files and web pages wrote to the model: looked at for what is meant to take it over, rid of what may not
 * come in, and put between marks where it came from a tool.
 */
export function screenInput(call: Call, room: Room): StepResult | Promise<StepResult> {
  const { screened } = room
  if (screened === null || call.route!.kind !== 'call') return 'pass'
  const looked: Looked = { signals: new Set(), toChange: new Map(), explains: false, allowance: { leftChars: maxNewChars } }
  return lookFrom(apiOf(call).readMessages(call.json), 0, { call, room, screened, looked })
}

interface Looked {
  signals: Set<string>
  toChange: Map<string, InputVerdict>
  explains: boolean
  allowance: Allowance
}

interface Looking {
  call: Call
  room: Room
  screened: ScreenedTexts
  looked: Looked
}

// Two tenths of a second on text made for it. Conversations grow by less with every call.
const restAfterChars = 65_536

/** After much that is new everybody else has his turn, before the next message is looked at. */
function lookFrom(messages: readonly Message[], first: number, looking: Looking): StepResult | Promise<StepResult> {
  const { call, room, screened, looked } = looking
  const { signals, toChange, allowance } = looked
  const restAt = allowance.leftChars - restAfterChars
  for (let at = first; at < messages.length; at++) {
    if (allowance.leftChars < restAt) return rest().then(() => lookFrom(messages, at, looking))
    const input = inputOf(messages[at]!, call)
    if (input === null) continue
    const verdict = screened.verdict(input, allowance)
    for (const signal of verdict.signals) signals.add(signal)
    if (verdict.block) return decided(verdict.block.rule, verdict.block.reason)
    if (verdict.changes || verdict.marks) toChange.set(input.text, verdict)
    looked.explains ||= verdict.explainsMarks === true
  }
  call.signals = [...signals]
  const drift = noteDrift(call, room)
  if (drift !== null) return drift
  return toChange.size === 0 ? 'pass' : rewriteInput(call, room, looked)
}

type Message = ReturnType<ReturnType<typeof apiOf>['readMessages']>[number]

/** @returns `null` for what the model itself said */
function inputOf({ role, text, isToolResult }: Message, call: Call): InputText | null {
  if (role === 'assistant' || text === '') return null
  if (isToolResult) return { channel: 'tool_result', scope: scopeOf(call), text }
  return role === 'system' ? { channel: 'system', scope: '', text } : { channel: 'user', scope: call.visit.turn?.origin?.channel ?? '', text }
}
