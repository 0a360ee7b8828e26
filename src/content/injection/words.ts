import { conceptsOf } from './concepts.ts'

/** The words and telling signs of a plain text, in order. The arrays run in parallel. */
export interface Words {
  count: number
  /** Place in the plain text. */
  start: number[]
  end: number[]
  /** Of the word's letters. */
  hash: number[]
  /** What the word means, as bits of `concepts`. */
  concepts: number[]
  /** Which sentence it stands in; grows by one each. */
  sentence: number[]
  /** 1 between quotation marks. */
  quoted: number[]
}

// A sentence of more words than this is a list, a table or code.
const longestSentence = 48
// Longer runs of letters and digits are keys, hashes and encoded data.
const longestWord = 24

/** Splits a plain text. Linear; letters of scripts without spaces are words of their own. */
export function wordsOf(text: string): Words {
  const words: Words = { count: 0, start: [], end: [], hash: [], concepts: [], sentence: [], quoted: [] }
  const state = { sentence: 0, inSentence: 0, quoted: 0, single: 0 }
  for (let at = 0; at < text.length; ) {
    const unit = text.charCodeAt(at)
    if (isLetter(unit)) {
      const end = isIdeograph(unit) ? at + 1 : wordEnd(text, at)
      add(words, state, text, at, end)
      at = end
      continue
    }
    if (isQuote(unit) && framesValue(text, at)) {
      // The quotes of data say neither that somebody is quoted nor that a sentence goes on.
      breakSentence(state)
      state.quoted = 0
    } else {
      // A row of one sign (`!!!!!!`) says no more than the first.
      if (isSign(unit) && text.charCodeAt(at - 1) !== unit) add(words, state, text, at, at + 1)
      if (unit === quoteMark) state.quoted ^= 1
      else if (unit === 0x27) state.single = opensQuote(text, at) ? 1 : 0
      if (endsSentence(text, unit, at)) breakSentence(state)
    }
    at++
  }
  return words
}

interface State {
  sentence: number
  inSentence: number
  quoted: number
  /** The same for `'`, until the sentence ends: an apostrophe may look like one. */
  single: number
}

const quoteMark = 0x22

function isQuote(unit: number): boolean {
  return unit === quoteMark || unit === 0x27
}

/** Whether a quote opens or closes a value in JSON, or in what Python and JavaScript print: `"key": "`, `', '`, `']`. */
function framesValue(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 1)
  if (next === 0x2c || next === 0x3a || next === 0x7d || next === 0x5d) return true
  const before = lastSign(text, at)
  const sign = text.charCodeAt(before)
  if (sign === 0x7b || sign === 0x5b) return true
  if (sign !== 0x3a && sign !== 0x2c) return false
  const end = text.charCodeAt(lastSign(text, before))
  return isQuote(end) || end === 0x7d || end === 0x5d || (sign === 0x2c && end >= 0x30 && end <= 0x39)
}

function opensQuote(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1) // NaN at the start
  return (before <= 0x20 || before === 0x28) && isLetter(text.charCodeAt(at + 1))
}

// Data is indented by less.
const widestIndent = 64

/** The place of the last unit before `at` that is no blank. */
function lastSign(text: string, at: number): number {
  let before = at - 1
  while (before > at - widestIndent && text.charCodeAt(before) <= 0x20) before--
  return before
}

function add(words: Words, state: State, text: string, start: number, end: number): void {
  if (state.inSentence === longestSentence) breakSentence(state)
  const word = end - start > longestWord ? '' : text.slice(start, end)
  words.start.push(start)
  words.end.push(end)
  words.hash.push(hashOf(word))
  words.concepts.push(conceptsOf(word))
  words.sentence.push(state.sentence)
  words.quoted.push(state.quoted | state.single)
  words.count++
  state.inSentence++
}

function breakSentence(state: State): void {
  state.single = 0
  if (state.inSentence === 0) return
  state.sentence++
  state.inSentence = 0
}

function wordEnd(text: string, from: number): number {
  let end = from + 1
  while (end < text.length && isInner(text, end)) end++
  return end
}

function isInner(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  if (isLetter(unit)) return !isIdeograph(unit)
  // `don't` and `role-play` are one word, a dash at the end is none of it.
  return (unit === 0x27 || unit === 0x2d || unit === 0x5f) && at + 1 < text.length && isLetter(text.charCodeAt(at + 1))
}

/** The hash of a word in small letters: FNV-1a (Fowler, Noll, Vo), 32 bits. All numbers are one word. */
export function hashOf(word: string): number {
  let hash = 0x811c9dc5
  let digits = word.length > 0
  for (let i = 0; i < word.length; i++) {
    const unit = word.charCodeAt(i)
    digits &&= unit >= 0x30 && unit <= 0x39
    hash = Math.imul(hash ^ unit, 0x01000193)
  }
  return digits ? 0 : hash
}

function isLetter(unit: number): boolean {
  if (unit < 0x80) return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39) || unit === 0x5f
  // General punctuation, arrows, boxes, CJK punctuation.
  return unit >= 0xaa && !(unit >= 0x2000 && unit <= 0x2bff) && !(unit >= 0x3000 && unit <= 0x303f) && unit !== 0xd7
}

function isIdeograph(unit: number): boolean {
  return unit >= 0x3040 && unit <= 0x9fff
}

/** Signs that instructions to a model are dressed in; commas and brackets say nothing. */
function isSign(unit: number): boolean {
  return signs.has(unit)
}

const signs = new Set([...'!?:<[{#@*|"'].map((sign) => sign.charCodeAt(0)))

function endsSentence(text: string, unit: number, at: number): boolean {
  if (unit === 0x0a || unit === 0x7c || unit === 0x3002) return true
  const next = text.charCodeAt(at + 1) // NaN at the end
  return (unit === 0x2e || unit === 0x21 || unit === 0x3f) && (!(next > 0x20) || isQuote(next))
}
