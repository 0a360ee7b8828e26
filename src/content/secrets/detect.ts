import { certainties, compilePattern, type CompiledPattern } from './compile.ts'
import { createKeywordIndex, type Hit, type KeywordIndex } from './keyword-index.ts'
import type { KnownValues } from './known.ts'
import type { SecretPattern } from './pattern.ts'
import { createResolver, type Match, type Resolved } from './resolve.ts'

/** A secret in a text. Offsets are UTF-16 units of the whole text, `end` is exclusive. The value is not in it. */
export interface Finding {
  /** The pattern's type, such as `github-token`; `known-value` for a value that was handed in. */
  type: string
  start: number
  end: number
}

/** What is known after a chunk. */
export interface Progress extends Resolved {
  /** No secret that is not reported yet begins before this offset. */
  settledTo: number
}

/** Finds secrets in a text that arrives in pieces. One piece or many: the findings are the same. */
export interface Detector {
  /** @param last nothing follows: what only might have become a secret is none */
  push(chunk: string, last: boolean): Progress
}

// Shapes may look this far back; the suite holds every one of them to it.
export const lookBehind = 64

/** What all detectors over the same patterns share: it is costly to make and keeps no state. */
export interface PatternSet {
  index: KeywordIndex
  /** The patterns with a lead. */
  leads: readonly CompiledPattern[]
}

export function preparePatterns(patterns: readonly SecretPattern[]): PatternSet {
  const compiled = patterns.map(compilePattern)
  return { index: createKeywordIndex(compiled), leads: compiled.filter((pattern) => pattern.lead) }
}

export function createDetector(set: PatternSet, known: KnownValues | null): Detector {
  const state = freshState()
  const resolver = createResolver()

  return {
    push(chunk, last) {
      state.text += chunk
      growOpen(state, last)
      judge(state, set, last, resolver.add)
      if (known) judgeKnown(state, known, resolver.add)
      const settled = last ? state.text.length : settledIn(state, set, known)
      const settledTo = state.base + settled
      forget(state, settled)
      return { ...resolver.take(settledTo), settledTo }
    },
  }
}

interface State {
  /** What is still needed of the text: everything that may still be part of a match, and a little before it. */
  text: string
  /** Offset of `text[0]` in the whole. Places are relative to it, except those inside a Match and `covered`. */
  base: number
  /** First place whose keywords have not been judged. */
  next: number
  /** First place at which no known value has been looked for. */
  knownNext: number
  /** The match that ends furthest: a secret may begin inside it though a letter stands before it. */
  covered: { from: number; to: number }
  /** The latest match of each pattern that has a tail. */
  latest: Map<CompiledPattern, Match>
  open: { match: Match; tail: RegExp }[]
}

function freshState(): State {
  return { text: '', base: 0, next: 0, knownNext: 0, covered: { from: 0, to: -1 }, latest: new Map(), open: [] }
}

/** Judges keywords in order, until one whose match more text could still change. */
function judge(state: State, { index }: PatternSet, last: boolean, found: (match: Match) => void): void {
  const { text } = state
  const limit = last ? text.length : (index.begunAt(text, state.next)[0]?.at ?? text.length)
  for (let hit = index.nextIn(text, state.next); hit && hit.at < limit; hit = index.nextIn(text, hit.at + 1)) {
    const { at, patterns } = hit
    if (!last && patterns.some((pattern) => mayGrow(state, startOf(text, at, pattern), pattern))) {
      state.next = at
      return
    }
    for (const pattern of patterns) {
      const match = matchAt(state, startOf(text, at, pattern), pattern, last)
      if (match) found(match)
    }
  }
  state.next = limit
}

/** Every known value whose last unit came with this chunk. */
function judgeKnown(state: State, known: KnownValues, found: (match: Match) => void): void {
  for (const { start, end } of known.endingIn(state.text, state.knownNext)) {
    found({ ...knownMatch, start: start + state.base, end: end + state.base })
  }
  state.knownNext = state.text.length
}

const knownMatch = {
  type: 'known-value',
  replacement: '[REDACTED_SECRET]',
  certainty: certainties.known,
  order: -1,
  open: false,
}

/** How far no secret can begin any more that is not found yet. */
function settledIn(state: State, { index, leads }: PatternSet, known: KnownValues | null): number {
  const { text } = state
  let settled = known ? known.begunIn(text) : text.length
  for (const { at, patterns } of undecidedIn(state, index, leads)) {
    for (const pattern of patterns) {
      const start = startOf(text, at, pattern)
      // What stands before the secret part of a match (`password = `) may be shown.
      if (mayBegin(state, start, pattern)) settled = Math.min(settled, start + pattern.partial.before)
    }
  }
  return settled
}

/** Places in order where a keyword stands that has not been judged, or may have begun, or would have a lead already. */
function undecidedIn(state: State, index: KeywordIndex, leads: readonly CompiledPattern[]): Hit[] {
  const { text, next } = state
  const places: Hit[] = []
  for (let hit = index.nextIn(text, next); hit; hit = index.nextIn(text, hit.at + 1)) places.push(hit)
  places.push(...index.begunAt(text, next))
  const led = leads.filter((pattern) => startOf(text, text.length, pattern) < text.length)
  return [...places.sort((a, b) => a.at - b.at), { at: text.length, patterns: led }]
}

type Beginning = Pick<State, 'text' | 'base' | 'covered'>

/** Behind a letter or digit no secret begins, unless those belong to another secret. */
function mayBegin({ text, base, covered }: Beginning, at: number, { anywhere }: CompiledPattern): boolean {
  if (anywhere || at === 0 || !isLetterOrDigit(text.charCodeAt(at - 1))) return true
  return at + base > covered.from && at + base <= covered.to
}

function cover(state: State, { start, end }: Match): void {
  if (end > state.covered.to) state.covered = { from: start, to: end }
}

function isLetterOrDigit(unit: number): boolean {
  return (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122)
}

function mayGrow(state: Beginning, start: number, pattern: CompiledPattern): boolean {
  const { longest, beginning } = pattern.partial
  if (state.text.length - start > longest || !mayBegin(state, start, pattern)) return false
  beginning.lastIndex = start
  return beginning.test(state.text)
}

/** Where a match begins whose keyword stands, or could stand, at `at`. */
function startOf(text: string, at: number, { lead }: CompiledPattern): number {
  if (!lead) return at
  let start = at
  while (start > 0 && at - start < lead.most && lead.is.test(text[start - 1]!)) start--
  return start
}

function matchAt(state: State, start: number, pattern: CompiledPattern, last: boolean): Match | null {
  if (!mayBegin(state, start, pattern)) return null
  const before = state.latest.get(pattern)
  // Inside the tail of its own match a pattern has nothing to add, and trying again would cost the square.
  if (before && before.end > start + state.base) return null
  const secret = secretAt(state.text, start, pattern)
  if (!secret) return null
  const { type, replacement, certainty, order } = pattern
  const [from, to] = secret
  const match = { type, replacement, certainty, order, start: from + state.base, end: to + state.base, open: false }
  const { tail } = pattern.exact
  if (tail) {
    grow(state, { match, tail }, last)
    state.latest.set(pattern, match)
  }
  cover(state, match)
  return match
}

/** Whether a match stands at a keyword, or could once more text follows: for a quick look without findings. */
export function possibleAt(text: string, at: number, patterns: readonly CompiledPattern[]): boolean {
  return patterns.some((pattern) => {
    const state = { text, base: 0, covered: { from: 0, to: -1 } }
    const start = startOf(text, at, pattern)
    if (!mayBegin(state, start, pattern)) return false
    return secretAt(text, start, pattern) !== null || mayGrow(state, start, pattern)
  })
}

/** Where the secret lies of a match that begins at `start`, without its tail. */
function secretAt(text: string, start: number, { exact: { shape }, accept }: CompiledPattern): [number, number] | null {
  shape.lastIndex = start
  const hit = shape.exec(text)
  if (!hit) return null
  const [from, to] = hit.indices?.groups?.['secret'] ?? [start, start + hit[0].length]
  return accept && !accept(text.slice(from, to)) ? null : [from, to]
}

function growOpen(state: State, last: boolean): void {
  const open = state.open
  state.open = []
  for (const one of open) {
    grow(state, one, last)
    cover(state, one.match)
  }
}

/** Lets a match take the units of its tail; at the end of a chunk it stays open for more. */
function grow(state: State, one: { match: Match; tail: RegExp }, last: boolean): void {
  one.tail.lastIndex = one.match.end - state.base
  one.match.end += one.tail.exec(state.text)![0].length
  one.match.open = !last && one.match.end === state.base + state.text.length
  if (one.match.open) state.open.push(one)
}

/** Drops what nothing can need again, so that an endless stream takes bounded memory. */
function forget(state: State, settled: number): void {
  const drop = Math.max(0, Math.min(settled, state.next) - lookBehind)
  state.text = state.text.slice(drop)
  state.base += drop
  state.next -= drop
  state.knownNext -= drop
}
