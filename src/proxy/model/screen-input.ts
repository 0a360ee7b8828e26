import { createHmac, randomBytes } from 'node:crypto'
import { apiOf, type Call, type Room, type StepResult } from './call.ts'
import type { InputText, InputVerdict, ModelContent } from './ports.ts'
import { decided } from './refusal.ts'

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
  readonly #screen: NonNullable<ModelContent['screenInput']>
  readonly #key = randomBytes(32)
  #young = new Map<string, InputVerdict>()
  #old = new Map<string, InputVerdict>()

  constructor(screen: NonNullable<ModelContent['screenInput']>) {
    this.#screen = screen
  }

  /** @param allowance shared by the texts of one request; what goes beyond it is cut off, and said to be */
  verdict(text: InputText, allowance: Allowance): InputVerdict {
    const digest = createHmac('sha256', this.#key).update(`${text.channel}\n${text.text}`).digest('binary')
    const known = this.#young.get(digest)
    if (known) return known
    const old = this.#old.get(digest)
    if (!old && text.text.length > allowance.leftChars) return this.#screenBeginning(text, allowance)
    if (!old) allowance.leftChars -= text.text.length
    const verdict = old ?? this.#screen(text)
    if (this.#young.size >= maxTexts) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(digest, verdict)
    return verdict
  }

  /** Not remembered: when it comes again, there may be room for all of it. */
  #screenBeginning({ channel, text }: InputText, allowance: Allowance): InputVerdict {
    const beginning = text.slice(0, allowance.leftChars)
    allowance.leftChars = 0
    const { block, signals } = beginning === '' ? nothingSeen : this.#screen({ channel, text: beginning })
    return { ...(block && { block }), signals: [...signals, 'unscreened'] }
  }
}

/** What people, files and web pages wrote to the model: looked at for what is meant to take it over. */
export function screenInput(call: Call, { screened }: Room): StepResult {
  if (screened === null || call.route!.kind !== 'call') return 'pass'
  const signals = new Set<string>()
  const allowance: Allowance = { leftChars: maxNewChars }
  for (const { role, text, isToolResult } of apiOf(call).readMessages(call.json)) {
    if (role === 'assistant' || text === '') continue
    const channel = isToolResult ? 'tool_result' : role
    const { block, signals: seen } = screened.verdict({ channel, text }, allowance)
    for (const signal of seen) signals.add(signal)
    if (block) return decided(block.rule, block.reason)
  }
  call.signals = [...signals]
  return 'pass'
}
