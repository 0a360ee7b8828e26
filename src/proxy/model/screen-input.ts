import { createHmac, randomBytes } from 'node:crypto'
import { setImmediate as rest } from 'node:timers/promises'
import { apiOf, type Call, type Room, type StepResult } from './call.ts'
import { noteDrift } from './drift.ts'
import type { InputText, InputVerdict, ModelContent } from './ports.ts'
import { decided } from './refusal.ts'
import { rewriteInput } from './rewrite-input.ts'

// Texts of one long conversation, several times over; an entry takes some hundred bytes.
const maxTexts = 8_192

// Screening takes the guard's only thread: half a million characters are as many tokens as fit into most models.
const maxNewChars = 524_288

/** What may still be screened of one request. */
export interface Allowance {
  leftChars: number
}

const nothingSeen: InputVerdict = { signals: [] }

/** Verdicts about texts that come again with every call of a conversation, by keyed digest of channel and text. */
export class ScreenedTexts {
  readonly #content: ModelContent & Required<Pick<ModelContent, 'screenInput'>>
  readonly #key = randomBytes(32)
  #young = new Map<string, InputVerdict>()
  #old = new Map<string, InputVerdict>()

  /** @returns `null` when requests are not screened */
  static over(content: ModelContent): ScreenedTexts | null {
    const { screenInput } = content
    return screenInput ? new ScreenedTexts({ ...content, screenInput }) : null
  }

  private constructor(content: ModelContent & Required<Pick<ModelContent, 'screenInput'>>) {
    this.#content = content
  }

  /** @param allowance shared by the texts of one request; what goes beyond it is cut off, and said to be */
  verdict(text: InputText, allowance: Allowance): InputVerdict {
    const digest = createHmac('sha256', this.#key).update(`${text.channel}\n${text.scope}\n${text.text}`).digest('binary')
    const known = this.#young.get(digest)
    if (known) return known
    const old = this.#old.get(digest)
    if (!old && text.text.length > allowance.leftChars) return this.#screenBeginning(text, allowance)
    if (!old) allowance.leftChars -= text.text.length
    const verdict = old ?? { ...this.#content.screenInput(text), ...this.#marks(text) }
    if (this.#young.size >= maxTexts) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(digest, verdict)
    return verdict
  }

  /** Not remembered: when it comes again, there may be room for all of it. */
  #screenBeginning(whole: InputText, allowance: Allowance): InputVerdict {
    const beginning = whole.text.slice(0, allowance.leftChars)
    allowance.leftChars = 0
    const { block, signals } = beginning === '' ? nothingSeen : this.#content.screenInput({ ...whole, text: beginning })
    return { ...(block && { block }), signals: [...signals, 'unscreened'], ...this.#marks(whole) }
  }

  /** Also what nobody had the time to look at stands between marks. */
  #marks(text: InputText): Pick<InputVerdict, 'marks'> {
    const marks = text.channel === 'tool_result' ? this.#content.marksFor?.(text) : undefined
    return marks ? { marks } : {}
  }
}

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

/** Marks of one session are of no use in another. */
export function scopeOf({ visit }: Call): string {
  return visit.turn?.sessionKey ?? visit.who?.name ?? ''
}
