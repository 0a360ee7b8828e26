import { hash, randomBytes } from 'node:crypto'
import type { Call } from './call.ts'
import type { InputText, InputVerdict, ModelContent } from './ports.ts'

// Texts of one long conversation, several times over; an entry takes some hundred bytes.
const maxTexts = 8_192

// Screening takes the guard's only thread: half a million characters are as many tokens as fit into most models.
export const maxNewChars = 524_288

// A long text is compared several times as fast as it is hashed, and as good as for nothing where it is the very string
// that was kept of the last request (known-reading.ts). Two generations of so many characters hold a few conversations.
const [minKeptChars, maxKeptChars] = [512, 4 * 1024 * 1024]
// V8 hashes longer strings by their length alone: many of one length would be compared with each other.
const maxHashedChars = 16_383

/** What may still be screened of one request. */
export interface Allowance {
  leftChars: number
}

interface Kept extends Pick<InputText, 'channel' | 'scope'> {
  verdict: InputVerdict
}

const nothingSeen: InputVerdict = { signals: [] }
// Says that there was no room for all of a text.
const unscreened = 'unscreened'

/** Verdicts about texts that come again with every call of a conversation, by keyed digest of channel and text. */
export class ScreenedTexts {
  readonly #content: ModelContent & Required<Pick<ModelContent, 'screenInput'>>
  /** So that nobody can prepare two texts of one digest. */
  readonly #key = randomBytes(32).toString('base64')
  #young = new Map<string, InputVerdict>()
  #old = new Map<string, InputVerdict>()
  /** Long texts as they are. */
  #kept = new Map<string, Kept>()
  #keptBefore = new Map<string, Kept>()
  #keptChars = 0

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
    if (text.text.length < minKeptChars || text.text.length > maxHashedChars) return this.#verdictByDigest(text, allowance)
    const kept = this.#kept.get(text.text) ?? this.#keptBefore.get(text.text)
    const verdict = kept && kept.channel === text.channel && kept.scope === text.scope ? kept.verdict : this.#verdictByDigest(text, allowance)
    if (!verdict.signals.includes(unscreened)) this.#keep(text, verdict)
    return verdict
  }

  #keep({ channel, scope, text }: InputText, verdict: InputVerdict): void {
    if (this.#kept.get(text)?.verdict === verdict) return
    if (this.#keptChars + text.length > maxKeptChars) {
      this.#keptBefore = this.#kept
      this.#kept = new Map()
      this.#keptChars = 0
    }
    if (!this.#kept.has(text)) this.#keptChars += text.length
    this.#kept.set(text, { channel, scope, verdict })
  }

  #verdictByDigest(text: InputText, allowance: Allowance): InputVerdict {
    const digest = hash('sha256', `${this.#key}${text.channel}\n${text.scope.length}\n${text.scope}\n${text.text}`, 'binary')
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
    return { ...(block && { block }), signals: [...signals, unscreened], ...this.#marks(whole) }
  }

  /** Also what nobody had the time to look at stands between marks. */
  #marks(text: InputText): Pick<InputVerdict, 'marks'> {
    const marks = text.channel === 'tool_result' ? this.#content.marksFor?.(text) : undefined
    return marks ? { marks } : {}
  }
}

/** Marks of one session are of no use in another. */
export function scopeOf({ visit }: Call): string {
  return visit.turn?.sessionKey ?? visit.who?.name ?? ''
}
