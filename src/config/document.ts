import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Document, Node, Pair, YAMLMap } from 'yaml'
import { dotted, type Path, type Problem, type ProblemCode } from './problem.ts'
import { quoteAround, quoteInLine, withoutQuotes } from './quotes.ts'
import { syntaxMessage } from './syntax.ts'

/** Where a setting stands: its key, and its value. Items of a list have no key; both are then the same. */
export interface Place {
  file: string
  line: number
  column: number
  valueLine: number
  valueColumn: number
}

/** A tree of plain values as it was written. Maps have no prototype, so no key of theirs can mean one. */
export type Written = string | number | boolean | null | Written[] | { [key: string]: Written }

/** One file, read: the top-level entries, where everything stands, and what is wrong with the text itself. */
export interface ReadDocument {
  entries: { key: string; value: Written }[]
  places: Map<string, Place>
  problems: Problem[]
}

/** Key of a path in `places`. */
export function placeKey(path: Path): string {
  return JSON.stringify(path)
}

// Deeper than any setting by far; keeps recursion away from the end of the stack.
const maxDepth = 32

/** Reads YAML text, attacker-controlled or merely mistyped, without ever throwing on it. */
export function readDocument(file: string, text: string): ReadDocument {
  const lines = new LineCounter()
  const reader = new DocumentReader(file, lines)
  let document: Document
  try {
    document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false, // we say where the first one stands
      stringKeys: true,
      strict: true,
      logLevel: 'error', // `silent` would let a second document pass unseen
    })
  } catch {
    // The parser recurses; a few thousand brackets end its stack, and that is all that can be said about the place.
    reader.report('config.syntax', 0, [], 'nested so deeply that it cannot be read')
    return reader.result()
  }
  for (const error of document.errors) reader.reportSyntax(text, error.code, error.pos[0])
  // A half-read document would bring mistakes nobody made.
  if (document.errors.length === 0) reader.readRoot(document.contents as Node | null, text)
  return reader.result()
}

const rootMessage = 'a configuration file is a map of settings, `name: value`'
const variableMessage =
  'this looks like a variable of the environment, perhaps a key: settings are written `name: value`, and secrets ' +
  'do not belong here'
const aliasMessage = 'anchors and aliases (`&name`, `*name`) are not used here: write the value out'

class DocumentReader {
  readonly #file: string
  readonly #lines: LineCounter
  readonly #entries: { key: string; value: Written }[] = []
  readonly #places = new Map<string, Place>()
  readonly #problems: Problem[] = []

  constructor(file: string, lines: LineCounter) {
    this.#file = file
    this.#lines = lines
  }

  result(): ReadDocument {
    return { entries: this.#entries, places: this.#places, problems: this.#problems }
  }

  report(code: ProblemCode, offset: number, path: Path, message: string): void {
    this.#problems.push({ code, file: this.#file, ...this.#at(offset), key: dotted(path), message })
  }

  /** A quote from a word processor upsets everything after it on its line: it is then the one thing worth saying. */
  reportSyntax(text: string, code: string, offset: number): void {
    const lineStart = text.lastIndexOf('\n', offset - 1) + 1
    const lineEnd = text.indexOf('\n', offset)
    const quote = quoteInLine(text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd))
    if (quote === null) return this.report('config.syntax', offset, [], syntaxMessage(code))
    const { line, column } = this.#at(lineStart + quote.index)
    if (this.#problems.some((problem) => problem.line === line && problem.code === 'config.typographic-quote')) return
    const { message } = quote
    this.#problems.push({ code: 'config.typographic-quote', file: this.#file, line, column, key: '', message })
  }

  readRoot(root: Node | null, text: string): void {
    if (root === null || (isScalar(root) && root.value === null)) return // an empty file says nothing
    if (!isMap(root)) {
      const looksLikeVariable = /^\s*(?:export\s+)?[A-Za-z_][A-Za-z0-9_]*=/m.test(text)
      const message = looksLikeVariable ? variableMessage : rootMessage
      return this.report('config.not-a-map', root.range?.[0] ?? 0, [], message)
    }
    const value = this.#map(root as YAMLMap<Node, Node | null>, [])
    for (const key of Object.keys(value)) this.#entries.push({ key, value: value[key]! })
  }

  #value(node: Node | null, path: Path): Written {
    if (node === null) return null
    if (isAlias(node) || node.anchor !== undefined) return this.#refuse(node, path, aliasMessage)
    if (node.tag?.startsWith('!')) return this.#refuse(node, path, 'tags (`!name`) are not used here')
    if (path.length > maxDepth) return this.#refuse(node, path, 'nested more deeply than any setting is')
    if (isMap(node)) return this.#map(node as YAMLMap<Node, Node | null>, path)
    if (isSeq(node)) return this.#list(node.items as (Node | null)[], path)
    return isScalar(node) ? this.#scalar(node.value, node, path) : null
  }

  #map(node: YAMLMap<Node, Node | null>, path: Path): { [key: string]: Written } {
    const map: { [key: string]: Written } = Object.create(null)
    for (const pair of node.items) {
      const name = this.#name(pair, path)
      if (name === null) continue
      const here = [...path, name]
      if (!this.#takePlace(pair, here)) continue
      map[name] = this.#value(pair.value, here)
    }
    return map
  }

  #name({ key }: Pair<Node, Node | null>, path: Path): string | null {
    const text = isScalar(key) ? String(key.value) : ''
    const offset = key.range?.[0] ?? 0
    if (key.anchor !== undefined) this.report('config.alias', offset, path, 'anchors (`&name`) are not used here')
    const quote = isScalar(key) && key.type === 'PLAIN' ? quoteAround(text) : null
    const name = quote === null ? text : withoutQuotes(text)
    if (quote !== null) this.report('config.typographic-quote', offset, [...path, name], quote)
    if (name !== '__proto__') return name
    this.report('config.unknown-key', offset, [...path, name], 'this is not the name of a setting')
    return null
  }

  /** @returns false when the name is taken; the first one counts, the second is reported. */
  #takePlace({ key, value }: Pair<Node, Node | null>, path: Path): boolean {
    const offset = key.range?.[0] ?? 0
    const first = this.#places.get(placeKey(path))
    if (first !== undefined) {
      this.report('config.duplicate-key', offset, path, `written twice: first on line ${first.line}`)
      return false
    }
    this.#setPlace(path, offset, value?.range?.[0] ?? offset)
    return true
  }

  #list(items: (Node | null)[], path: Path): Written[] {
    return items.map((item, index) => {
      const here = [...path, index]
      const offset = item?.range?.[0]
      if (offset !== undefined) this.#setPlace(here, offset, offset)
      return this.#value(item, here)
    })
  }

  #scalar(value: unknown, node: Node & { type?: string }, path: Path): Written {
    if (typeof value === 'number' || typeof value === 'boolean') return value
    if (typeof value !== 'string') return null
    if (node.type !== 'PLAIN') return value
    const quote = quoteAround(value)
    if (quote === null) return value
    this.report('config.typographic-quote', node.range?.[0] ?? 0, path, quote)
    return withoutQuotes(value)
  }

  #refuse(node: Node, path: Path, message: string): null {
    this.report('config.alias', node.range?.[0] ?? 0, path, message)
    return null
  }

  #setPlace(path: Path, offset: number, valueOffset: number): void {
    const value = this.#at(valueOffset)
    const place = { file: this.#file, ...this.#at(offset), valueLine: value.line, valueColumn: value.column }
    this.#places.set(placeKey(path), place)
  }

  #at(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
}
