import type { CompiledPattern } from './compile.ts'
import { createResolver, type Match, type Resolved } from './resolve.ts'
import { createTrigger, hitsInOrder, type Trigger } from './trigger.ts'

/** A secret in a text. Offsets are UTF-16 units of the whole text, `end` is exclusive. The value is not in it. */
export interface Finding {
  /** The pattern's type, such as `github-token`. */
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
  triggers: readonly Trigger[]
  /** The patterns with a lead. */
  leads: readonly CompiledPattern[]
}

export function preparePatterns(patterns: readonly CompiledPattern[]): PatternSet {
  const triggers = [false, true].map((ignoreCase) => {
    const some = patterns.filter((pattern) => pattern.ignoreCase === ignoreCase)
    return createTrigger(some, ignoreCase)
  })
  return { triggers, leads: patterns.filter((pattern) => pattern.lead) }
}

export function createDetector({ triggers, leads }: PatternSet): Detector {
  const state: State = { text: '', base: 0, next: 0, coveredTo: -1, latest: new Map(), open: [] }
  const resolver = createResolver()

  return {
    push(chunk, last) {
      state.text += chunk
      growOpen(state, last)
      judge(state, triggers, last, resolver.add)
      const starts = leads.map((pattern) => startOf(state.text, state.next, pattern))
      const settled = last ? state.text.length : Math.min(state.next, ...starts)
      const settledTo = state.base + settled
      forget(state, settled)
      return { ...resolver.take(settledTo), settledTo }
    },
  }
}

interface State {
  /** What is still needed of the text: everything unsettled, and a little before it. */
  text: string
  /** Offset of `text[0]` in the whole. Places are relative to it, except those inside a Match and `coveredTo`. */
  base: number
  /** First place whose keywords have not been judged. */
  next: number
  /** End of the furthest match: a secret may begin up to there though a letter stands before it. */
  coveredTo: number
  /** The latest match of each pattern that has a tail. */
  latest: Map<CompiledPattern, Match>
  open: { match: Match; tail: RegExp }[]
}

/** Judges keywords in order, until one whose match more text could still change. */
function judge(state: State, triggers: readonly Trigger[], last: boolean, found: (match: Match) => void): void {
  const { text } = state
  const limit = last ? text.length : Math.min(...triggers.map((trigger) => trigger.begun(text, state.next)))
  for (const { at, patterns } of hitsInOrder(triggers, text, state.next)) {
    if (at >= limit) break
    const able = patterns
      .map((pattern) => ({ pattern, start: startOf(text, at, pattern) }))
      .filter(({ pattern, start }) => pattern.anywhere || mayBegin(state, start))
    if (!last && able.some(({ pattern, start }) => mayGrow(text, start, pattern))) {
      state.next = at
      return
    }
    for (const { pattern, start } of able) {
      const match = matchAt(state, start, pattern, last)
      if (match) found(match)
    }
  }
  state.next = limit
}

/** Behind a letter or digit no secret begins, unless those belong to another secret. */
function mayBegin({ text, base, coveredTo }: State, at: number): boolean {
  return at + base <= coveredTo || !/[A-Za-z0-9]/.test(text[at - 1] ?? ' ')
}

function mayGrow(text: string, start: number, pattern: CompiledPattern): boolean {
  if (text.length - start > pattern.longest) return false
  pattern.beginning.lastIndex = start
  return pattern.beginning.test(text)
}

/** Where a match begins whose keyword stands, or could stand, at `at`. */
function startOf(text: string, at: number, { lead }: CompiledPattern): number {
  if (!lead) return at
  let start = at
  while (start > 0 && at - start < lead.most && lead.is.test(text[start - 1]!)) start--
  return start
}

function matchAt(state: State, start: number, pattern: CompiledPattern, last: boolean): Match | null {
  const before = state.latest.get(pattern)
  // Inside the tail of its own match a pattern has nothing to add, and trying again would cost the square.
  if (before && before.end > start + state.base) return null
  pattern.shape.lastIndex = start
  const hit = pattern.shape.exec(state.text)
  if (!hit) return null
  const [from, to] = hit.indices?.groups?.['secret'] ?? [start, start + hit[0].length]
  if (pattern.accept && !pattern.accept(state.text.slice(from, to))) return null
  const { type, replacement, certainty, order } = pattern
  const match = { type, replacement, certainty, order, start: from + state.base, end: to + state.base, open: false }
  if (pattern.tail) {
    grow(state, { match, tail: pattern.tail }, last)
    state.latest.set(pattern, match)
  }
  state.coveredTo = Math.max(state.coveredTo, match.end)
  return match
}

function growOpen(state: State, last: boolean): void {
  const open = state.open
  state.open = []
  for (const one of open) {
    grow(state, one, last)
    state.coveredTo = Math.max(state.coveredTo, one.match.end)
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
  const drop = Math.max(0, settled - lookBehind)
  state.text = state.text.slice(drop)
  state.base += drop
  state.next -= drop
}
