/**
 * The part of regular expression syntax that shapes are written in, and the two things we compute from it: how long
 * a match can get, and the expression that recognises the *beginning* of a match at the end of a text. The second is
 * what lets a stream be redacted without holding back more than it must.
 *
 * Allowed: literals, escapes, classes, groups, alternatives, negative lookahead, lookbehind, bounded repeats.
 * Refused: `*`, `+`, `{n,}` (a match must have an end), `\b` and positive lookahead (at the end of a chunk they
 * would decide before the next chunk came), back-references (not linear).
 */
export interface Shape {
  /** The longest match, in UTF-16 units. */
  longest: number
  /** How many units at least stand before the group named `secret`; 0 without one. */
  before: number
  /** Source of an expression that matches what is left of a text exactly when more text could complete a match. */
  beginning: string
}

/** @throws SyntaxError naming what is not allowed */
export function readShape(source: string): Shape {
  const reader = { source, at: 0 }
  const alternatives = readAlternatives(reader)
  if (reader.at !== source.length) throw new SyntaxError(`unexpected ) at ${reader.at} in ${source}`)
  return { longest: longestOf(alternatives), before: beforeOf(alternatives), beginning: beginningOf(alternatives) }
}

type Item = UnitItem | TestItem | GroupItem
interface UnitItem {
  kind: 'unit'
  source: string
  min: number
  max: number
}
interface TestItem {
  kind: 'test'
  source: string
  /** How many units a look-ahead reads; 0 for a look-behind. */
  reach: number
}
interface GroupItem {
  kind: 'group'
  secret: boolean
  alternatives: Item[][]
  min: number
  max: number
}
interface Reader {
  source: string
  at: number
}

function readAlternatives(reader: Reader): Item[][] {
  const alternatives: Item[][] = [[]]
  while (reader.at < reader.source.length && reader.source[reader.at] !== ')') {
    if (reader.source[reader.at] === '|') {
      reader.at++
      alternatives.push([])
    } else {
      alternatives.at(-1)!.push(readItem(reader))
    }
  }
  return alternatives
}

function readItem(reader: Reader): Item {
  const { source, at } = reader
  const test = /^\(\?(?:!|<=|<!)/.exec(source.slice(at, at + 4))
  if (test) return readTest(reader)
  const group = /^\((?:\?:|\?<secret>)/.exec(source.slice(at, at + 11))
  if (group) {
    reader.at += group[0].length
    const alternatives = readAlternatives(reader)
    expectClose(reader)
    return { kind: 'group', secret: group[0].includes('secret'), alternatives, ...readRepeat(reader) }
  }
  return { kind: 'unit', source: readUnit(reader), ...readRepeat(reader) }
}

/** A look-around is kept as it stands, parentheses and all. */
function readTest(reader: Reader): TestItem {
  const from = reader.at
  const behind = reader.source.startsWith('(?<', from)
  reader.at += behind ? 4 : 3
  const reach = longestOf(readAlternatives(reader))
  expectClose(reader)
  return { kind: 'test', source: reader.source.slice(from, reader.at), reach: behind ? 0 : reach }
}

function readUnit(reader: Reader): string {
  const rest = reader.source.slice(reader.at)
  const unit = /^(?:\[(?:\\.|[^\]\\])+\]|\\[dwstrn]|\\[^A-Za-z0-9]|[^\\()[\]{}*+?|^$])/.exec(rest)
  if (!unit || unit[0] === '.') throw new SyntaxError(`not allowed at ${reader.at} in ${reader.source}`)
  reader.at += unit[0].length
  return unit[0]
}

function readRepeat(reader: Reader): { min: number; max: number } {
  const repeat = /^(?:\?|\{(\d+)(?:,(\d+))?\})/.exec(reader.source.slice(reader.at))
  if (!repeat) return { min: 1, max: 1 }
  reader.at += repeat[0].length
  if (reader.source[reader.at] === '?') reader.at++ // lazy: which match is found changes, what can match does not
  if (repeat[1] === undefined) return { min: 0, max: 1 }
  return { min: Number(repeat[1]), max: Number(repeat[2] ?? repeat[1]) }
}

function expectClose(reader: Reader): void {
  if (reader.source[reader.at] !== ')') throw new SyntaxError(`missing ) at ${reader.at} in ${reader.source}`)
  reader.at++
}

function longestOf(alternatives: Item[][]): number {
  const lengths = alternatives.map((items) => items.reduce((sum, item) => sum + longestItem(item), 0))
  return Math.max(...lengths)
}

function longestItem(item: Item): number {
  if (item.kind === 'test') return 0
  return item.max * (item.kind === 'unit' ? 1 : longestOf(item.alternatives))
}

/** An alternative without the group is secret from its first unit on. */
function beforeOf(alternatives: Item[][]): number {
  return Math.min(...alternatives.map(beforeInSequence))
}

function beforeInSequence(items: Item[]): number {
  let before = 0
  for (const item of items) {
    if (item.kind === 'group' && item.secret) return before
    if (item.kind === 'group' && holdsSecret(item)) return before + beforeOf(item.alternatives)
    before += shortestItem(item)
  }
  return 0
}

function holdsSecret({ alternatives }: GroupItem): boolean {
  return alternatives.flat().some((item) => item.kind === 'group' && (item.secret || holdsSecret(item)))
}

function shortestItem(item: Item): number {
  if (item.kind === 'test') return 0
  const once = item.kind === 'unit' ? 1 : Math.min(...item.alternatives.map(shortestOf))
  return item.min * once
}

function shortestOf(items: Item[]): number {
  return items.reduce((sum, item) => sum + shortestItem(item), 0)
}

function beginningOf(alternatives: Item[][]): string {
  return `(?:${alternatives.map(beginningOfSequence).join('|')})`
}

/** Either the first item is there and the rest has begun, or the text ends inside the first item. */
function beginningOfSequence(items: Item[]): string {
  const [first, ...rest] = items
  if (!first) return '$'
  const goesOn = whole(first) + beginningOfSequence(rest)
  // A look-ahead that the end of the text cuts short has decided nothing yet.
  if (first.kind === 'test') return first.reach > 0 ? `(?:${goesOn}|(?=[^]{0,${first.reach - 1}}$))` : goesOn
  if (first.kind === 'unit') return `(?:${goesOn}|${first.source}{0,${first.max - 1}}$)`
  const inner = beginningOf(first.alternatives)
  return `(?:${goesOn}|${wholeGroup(first)}{0,${first.max - 1}}${inner})`
}

function whole(item: Item): string {
  if (item.kind === 'test') return item.source
  const source = item.kind === 'unit' ? item.source : wholeGroup(item)
  return item.min === 1 && item.max === 1 ? source : `${source}{${item.min},${item.max}}`
}

function wholeGroup(group: GroupItem): string {
  return `(?:${group.alternatives.map((items) => items.map(whole).join('')).join('|')})`
}
