import type { Config } from '../config/index.ts'
import {
  checkBoundary,
  compileBlocked,
  detectInjection,
  injectionThresholds,
  judgeInput,
  judgeRead,
  markOf,
  markerFor,
  marksFor,
  replaceSpans,
  watchPii,
  withoutImitations,
  type Blocked,
  type InputRules,
  type PiiWatch,
} from '../content/index.ts'
import type { InputText, InputVerdict } from '../proxy/model/index.ts'
import type { Boundary } from './boundary.ts'
import { RefusedMessages } from './refused-messages.ts'

type Content = Config['content']

/** What texts on their way to a model are held against. */
export interface InputScreen {
  /** One text of a request. */
  judge(text: InputText): InputVerdict
  /** What somebody wrote, as it came. In a request OpenClaw has put words of its own around it. */
  judgeMessage(text: string, channel: string | null): InputVerdict
  marksFor?(text: InputText): { open: string; close: string }
}

/** @param boundary `null`: no block is put into system prompts, and nothing can be explained there */
export function createInputScreen(content: Content, boundary: Boundary | null): InputScreen {
  const { input } = content
  const rulesOf = rulesBy(input)
  const refused = new RefusedMessages()
  const looks: Looks = {
    blockedIn: compileBlocked(input.blocked_patterns),
    injection: input.injection,
    pii: watchPii({ all: input.pii, types: input.pii_types, regions: content.output.pii_regions }),
  }
  return {
    judge(text) {
      if (text.channel === 'system') return systemVerdict(text.text, boundary)
      const rules = { ...rulesOf(text.scope), maxLength: input.max_request_length ?? Infinity }
      const rest = text.channel === 'user' ? refused.without(text.text) : text.text
      const verdict = verdictOn({ ...text, text: rest }, { ...looks, rules })
      if (rest === text.text) return verdict
      const { signals, changes } = verdict
      const left = (part: string): string => refused.without(part)
      return { ...verdict, signals: [...signals, 'input.refused-before'], changes: (part) => (changes ? changes(left(part)) : left(part)) }
    },
    judgeMessage(text, channel) {
      const scope = channel ?? ''
      const verdict = verdictOn({ channel: 'user', scope, text }, { ...looks, rules: rulesOf(scope) })
      if (verdict.block) refused.add(text)
      return verdict
    },
    ...(content.delimit_untrusted && boundary && { marksFor: marking(boundary) }),
  }
}

interface Looks {
  blockedIn(text: string): Blocked | null
  injection: Content['input']['injection']
  pii: PiiWatch | null
}

/** What one look at a text brought. */
interface Seen {
  signals: readonly string[]
  block?: InputVerdict['block']
  change?: (text: string) => string
}

// Longer texts are files. Whoever hides an instruction puts it where it is read first or last.
const screenedChars = 100_000

/** The first look that says no ends it: what comes after may cost more. */
function verdictOn(text: InputText, { rules, blockedIn, injection, pii }: Looks & { rules: InputRules }): InputVerdict {
  const signals: string[] = []
  const changes: NonNullable<Seen['change']>[] = []
  const looks = [() => byRules(text, rules, blockedIn), () => byInjection(text, injection), () => byPii(text, pii), () => byImitation(text)]
  for (const look of looks) {
    const { signals: more, block, change } = look()
    signals.push(...more)
    if (block) return { signals, block }
    if (change) changes.push(change)
  }
  if (changes.length === 0) return { signals }
  return { signals, changes: (part) => changes.reduce((now, change) => change(now), part) }
}

function byRules({ channel, text }: InputText, rules: InputRules, blockedIn: Looks['blockedIn']): Seen {
  const judged = (part: string) => (channel === 'user' ? judgeInput(part, rules) : judgeRead(part, rules))
  const { refusal, signals, text: clean } = judged(text)
  if (refusal) return { signals, block: refusal }
  // Once more: taking `<b></b>` out of `ig<b></b>nore` puts the word together.
  const blocked = blockedIn(ends(text)) ?? (clean === text ? null : blockedIn(ends(clean)))
  if (blocked) {
    const block = { rule: 'content.blocked-pattern', reason: 'a text in this request matches content.input.blocked_patterns' }
    return { signals: [...signals, 'blocked-pattern'], block }
  }
  return { signals, ...(clean !== text && { change: (part: string) => judged(part).text }) }
}

function byInjection({ channel, text }: InputText, injection: Looks['injection']): Seen {
  if (injection === 'off' || channel === 'system') return nothing
  const { score, signals } = detectInjection(ends(text), { channel })
  if (score < injectionThresholds.flag) return nothing
  const ids = [...new Set(signals.map(({ id }) => id)), ...(score >= injectionThresholds.block ? [surely] : [])]
  if (injection === 'log' || score < injectionThresholds.block) return { signals: ids }
  const who = channel === 'user' ? 'a message' : 'a tool'
  return { signals: ids, block: { rule: surely, reason: `a text from ${who} reads like an order to the model (content.input.injection)` } }
}

function byPii({ text }: InputText, pii: PiiWatch | null): Seen {
  const found = pii?.find(text) ?? []
  if (found.length === 0) return nothing
  const signals = [...new Set(found.map(({ type }) => `pii.${type}`))]
  const refused = found.find(({ treatment }) => treatment === 'refuse')
  if (refused) {
    const reason = `a text in this request holds personal data of type ${refused.type} (content.input.pii)`
    return { signals, block: { rule: 'content.pii', reason } }
  }
  const taken = (part: string) => pii!.find(part).filter(({ treatment }) => treatment === 'redact')
  if (!found.some(({ treatment }) => treatment === 'redact')) return { signals }
  return { signals, change: (part) => replaceSpans(part, taken(part), ({ type }) => markOf(type)) }
}

/** A result that brings marks along, to look as if it ended earlier. */
function byImitation({ channel, text }: InputText): Seen {
  if (channel !== 'tool_result' || withoutImitations(text).imitations === 0) return nothing
  return { signals: ['boundary.imitated-marks'], change: (part) => withoutImitations(part).text }
}

const nothing: Seen = { signals: [] }
const surely = 'content.injection'

function ends(text: string): string {
  return text.length <= screenedChars ? text : `${text.slice(0, screenedChars / 2)}\n${text.slice(-screenedChars / 2)}`
}

/** The operator's own text, and OpenClaw's: only what became of our block in it matters. */
function systemVerdict(text: string, boundary: Boundary | null): InputVerdict {
  if (boundary === null) return { signals: [] }
  const state = checkBoundary(text, { marker: boundary.marker })
  return state === 'intact' ? { signals: [], explainsMarks: true } : { signals: [`boundary.${state}`] }
}

function marking({ digest }: Boundary): NonNullable<InputScreen['marksFor']> {
  return ({ scope, text }) => marksFor({ marker: markerFor(`${scope}\n${text}`, digest), source: 'tool' })
}

function rulesBy(input: Content['input']): (channel: string) => InputRules {
  const usual = rulesFrom(input)
  const byChannel = new Map(Object.entries(input.channels).map(([name, own]) => [name.toLowerCase(), rulesFrom({ ...input, ...own })]))
  return (channel) => byChannel.get(channel.toLowerCase()) ?? usual
}

function rulesFrom(input: Content['input']): InputRules {
  return {
    maxLength: input.max_length,
    tooLong: input.too_long,
    allowHtml: input.allow_html,
    allowMarkdown: input.allow_markdown,
    markup: input.markup,
    invisible: input.invisible,
    confusables: input.confusables,
  }
}
