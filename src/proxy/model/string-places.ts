import { closingQuote } from './json-text.ts'

/** Keys of objects and indexes of arrays on the way to a value. */
export type Path = readonly (string | number)[]

/**
 * Where the string literals at some paths stand in a JSON text, quotes included: so that they can be written anew and
 * every other byte stays. Of two members with one name the last counts, as it does for the parser.
 * @param text known to parse; its strings are attacker-controlled
 * @returns in the order of `paths`; `null` where no string stands
 */
export function placesOfStrings(text: string, paths: readonly Path[]): ([number, number] | null)[] {
  const found: ([number, number] | null)[] = paths.map(() => null)
  const tree = treeOf(paths)
  read(text, skipBlank(text, 0), tree, found)
  return found
}

interface Node {
  /** Indexes into `paths` of those that end here. */
  ends: number[]
  inside: Map<string | number, Node>
}

function treeOf(paths: readonly Path[]): Node {
  const root: Node = { ends: [], inside: new Map() }
  for (const [index, path] of paths.entries()) {
    let node = root
    for (const step of path) {
      const next = node.inside.get(step) ?? { ends: [], inside: new Map() }
      node.inside.set(step, next)
      node = next
    }
    node.ends.push(index)
  }
  return root
}

type Found = ([number, number] | null)[]

/** @returns the place behind the value that begins at `at` */
function read(text: string, at: number, node: Node | undefined, found: Found): number {
  const code = text.charCodeAt(at)
  if (code === quote) {
    const end = closingQuote(text, at) + 1
    for (const index of node?.ends ?? []) found[index] = [at, end]
    return end
  }
  if (node === undefined || node.inside.size === 0) return skipValue(text, at)
  if (code === braceOpen) return readObject(text, at, node, found)
  return code === bracketOpen ? readArray(text, at, node, found) : skipValue(text, at)
}

function readObject(text: string, open: number, node: Node, found: Found): number {
  let at = skipBlank(text, open + 1)
  while (text.charCodeAt(at) === quote) {
    const end = closingQuote(text, at) + 1
    const key = JSON.parse(text.slice(at, end)) as string // decoded: "\u0072ole" is "role"
    at = read(text, skipBlank(text, text.indexOf(':', end) + 1), node.inside.get(key), found)
    at = skipBlank(text, at)
    if (text.charCodeAt(at) === comma) at = skipBlank(text, at + 1)
  }
  return at + 1
}

function readArray(text: string, open: number, node: Node, found: Found): number {
  let at = skipBlank(text, open + 1)
  for (let index = 0; at < text.length && text.charCodeAt(at) !== bracketClose; index++) {
    at = skipBlank(text, read(text, at, node.inside.get(index), found))
    if (text.charCodeAt(at) === comma) at = skipBlank(text, at + 1)
  }
  return at + 1
}

/** From a value's first character to the place behind its last, whatever is in it. */
function skipValue(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = closingQuote(text, at)
    else if (code === braceOpen || code === bracketOpen) depth++
    else if (code === comma && depth === 0) return at
    else if (code === braceClose || code === bracketClose) {
      if (depth === 0) return at
      depth--
    }
    if (depth === 0 && (code === quote || code === braceClose || code === bracketClose)) return at + 1
  }
  return text.length
}

function skipBlank(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++
  return at
}

const quote = 0x22
const comma = 0x2c
const braceOpen = 0x7b
const braceClose = 0x7d
const bracketOpen = 0x5b
const bracketClose = 0x5d
