import { mixedScriptWords } from '../encoding/confusables.ts'
import { removeInvisible } from './invisible.ts'
import { hasHtml, stripHtml, stripMarkdown } from './markup.ts'
import { findSmuggled, type Smuggled } from './smuggled.ts'

/** What is done about something that may not come in: taken out, the whole text turned away, or told to the log. */
export type InputTreatment = 'strip' | 'refuse' | 'report'

/** An operator's rules for one kind of text, of one channel. */
export interface InputRules {
  /** Longest text in code points. */
  maxLength: number
  /** A long text has nothing to be taken out of. */
  tooLong: 'refuse' | 'report'
  allowHtml: boolean
  allowMarkdown: boolean
  /** For HTML, and Markdown, that is not allowed. */
  markup: InputTreatment
  /** Tag characters, bidi overrides, zero-width signs in words: what a person does not see and a model reads. */
  invisible: InputTreatment
  /** Words that mix letters with others drawn like them: there is no right spelling to put in their place. */
  confusables: 'refuse' | 'report'
}

export interface InputRuling {
  /** One sentence naming the setting, free of the text's own words; `null`: it may come in. */
  refusal: { rule: string; reason: string } | null
  /** What stood out: `input.too-long`, `input.html`, `input.markdown`, `smuggled.…`. */
  signals: string[]
  /** What may be handed on; the very same string when nothing had to be taken out. */
  text: string
}

/**
 * Holds a text that somebody wrote to an agent against the rules of its channel. Linear. The same text and rules give
 * the same answer, so that a conversation which is sent again is rewritten in the same way each time.
 */
export function judgeInput(text: string, rules: InputRules): InputRuling {
  const ruling: InputRuling = { refusal: null, signals: [], text }
  const refuse = (rule: string, what: string, setting: string): InputRuling => {
    return { ...ruling, text, refusal: { rule: `content.${rule}`, reason: `a message ${what} (content.input.${setting})` } }
  }
  if (isLonger(text, rules.maxLength)) {
    ruling.signals.push('input.too-long')
    if (rules.tooLong === 'refuse') return refuse('too-long', `is longer than ${rules.maxLength} characters`, 'max_length')
  }
  const hidden = hiddenIn(text)
  ruling.signals.push(...hidden)
  if (hidden.length > 0 && rules.invisible === 'refuse') return refuse('invisible', 'holds characters nobody sees', 'invisible')
  if (isMixed(text)) {
    ruling.signals.push('smuggled.mixed-script')
    if (rules.confusables === 'refuse') return refuse('confusables', 'mixes letters of two scripts in a word', 'confusables')
  }
  const visible = rules.invisible === 'strip' ? removeInvisible(text).text : text
  const markup = judgeMarkup(visible, rules)
  ruling.signals.push(...markup.signals)
  if (markup.signals.length > 0 && rules.markup === 'refuse') return refuse('markup', 'holds HTML or Markdown', 'markup')
  if (markup.text === null) return refuse('markup', 'hides HTML tags in one another or is too long to be rid of them', 'markup')
  return { ...ruling, text: markup.text }
}

/**
 * The same for a text that was read and not written to anybody: a tool's result. Markup belongs to it and length is the
 * tool's business; of what cannot be seen only what nobody means well is taken, so that a file keeps its byte order mark.
 */
export function judgeRead(text: string, { invisible }: Pick<InputRules, 'invisible'>): InputRuling {
  const found = findSmuggled(text)
  const hidden = found.filter(({ kind }) => kind !== 'mixed-script')
  const signals = [...new Set(found.map(({ kind }) => `smuggled.${kind}`))]
  if (hidden.length === 0 || invisible === 'report') return { refusal: null, signals, text }
  if (invisible === 'refuse') {
    const reason = 'the result of a tool holds characters nobody sees (content.input.invisible)'
    return { refusal: { rule: 'content.invisible', reason }, signals, text }
  }
  return { refusal: null, signals, text: without(text, hidden) }
}

function judgeMarkup(text: string, rules: InputRules): { text: string | null; signals: string[] } {
  const signals: string[] = []
  let clean = text
  if (!rules.allowMarkdown) {
    const words = stripMarkdown(text)
    if (words !== text) signals.push('input.markdown')
    if (rules.markup === 'strip') clean = words
  }
  if (rules.allowHtml || !hasHtml(clean)) return { text: clean, signals }
  signals.push('input.html')
  if (rules.markup !== 'strip') return { text: clean, signals }
  return { text: clean.length > mostStripped ? null : stripHtml(clean, 'html-only'), signals }
}

// The parser takes up to three seconds a megabyte on tags inside tags: what is longer is a file, not a message.
const mostStripped = 65_536

/** A code point takes one or two units: counting them is only needed in between. */
function isLonger(text: string, most: number): boolean {
  if (text.length <= most) return false
  return text.length > 2 * most || [...text].length > most
}

function hiddenIn(text: string): string[] {
  const kinds = findSmuggled(text).map(({ kind }) => kind)
  return [...new Set(kinds)].filter((kind) => kind !== 'mixed-script').map((kind) => `smuggled.${kind}`)
}

function isMixed(text: string): boolean {
  return /[^\0-\x7f]/.test(text) && mixedScriptWords(text).length > 0
}

function without(text: string, places: readonly Smuggled[]): string {
  let out = ''
  let at = 0
  for (const { start, end } of places) {
    out += text.slice(at, Math.max(at, start))
    at = Math.max(at, end)
  }
  return out + text.slice(at)
}
