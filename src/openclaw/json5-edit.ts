import { parse, type Expression, type ObjectExpression, type Property } from 'acorn'
import JSON5 from 'json5'
import { isDeepStrictEqual } from 'node:util'
import { HardshellError, messageOf } from '../base/index.ts'

/** One setting to change, as shown in a plan. `from: undefined` means the setting is absent today, `to: undefined` takes it out. */
export interface Change {
  /** Keys from the root. An index leads into an element that is there; elements are neither added nor taken out. */
  at: readonly string[]
  from: unknown
  to: unknown
}

/**
 * Sets values in JSON5 text, or takes keys out, and touches nothing else: comments, order, quotes and trailing commas
 * stay. A key that goes takes its comma and the comment behind it on its line along.
 * The result is parsed again and compared with what was intended before anybody may write it.
 *
 * @throws HardshellError `openclaw.config-unreadable` when the text is not JSON5 or has a shape we cannot splice
 */
export function applyChanges(text: string, changes: readonly Change[]): string {
  let out = text
  let intended = readJson5(text)
  for (const change of changes) {
    out = change.to === undefined ? removeKey(out, change.at) : setValue(out, change.at, change.to)
    intended = withValue(intended, change.at, change.to)
  }
  if (!isDeepStrictEqual(readJson5(out), intended)) {
    throw new HardshellError('openclaw.config-unreadable', 'the edited configuration does not read back as intended', {
      hint: 'nothing was written; report this file shape (without its values)',
    })
  }
  return out
}

/** Parses JSON5. @throws HardshellError `openclaw.config-unreadable` with line and column */
export function readJson5(text: string): unknown {
  try {
    return JSON5.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new HardshellError('openclaw.config-unreadable', `openclaw.json is not JSON5: ${messageOf(error)}`, {
      hint: 'openclaw config validate',
      cause: error,
    })
  }
}

/** The value at a path, or `undefined`. Only own keys count: `__proto__` in a file is a key like any other. */
export function valueAt(root: unknown, at: readonly string[]): unknown {
  let here = root
  for (const key of at) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined
    if (Array.isArray(here) && !isIndex(key)) return undefined
    here = (here as Record<string, unknown>)[key]
  }
  return here
}

// `length` is an own key of an array too.
function isIndex(key: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(key)
}

function withValue(root: unknown, at: readonly string[], to: unknown): unknown {
  const [key, ...rest] = at
  if (key === undefined) return to
  if (Array.isArray(root) && isIndex(key) && Number(key) < root.length) return root.with(Number(key), withValue(root[Number(key)], rest, to))
  if (to === undefined && valueAt(root, at) === undefined) return root
  if (to === undefined && rest.length === 0) return Object.fromEntries(Object.entries(root as object).filter(([name]) => name !== key))
  const here = typeof root === 'object' && root !== null && !Array.isArray(root) ? (root as Record<string, unknown>) : {}
  return { ...here, [key]: withValue(Object.hasOwn(here, key) ? here[key] : undefined, rest, to) }
}

function setValue(text: string, at: readonly string[], to: unknown): string {
  let node: Expression = parseExpression(text)
  for (const [depth, key] of at.entries()) {
    const element = elementOf(node, key)
    if (element !== null) {
      node = element
      continue
    }
    if (node.type !== 'ObjectExpression') {
      throw new HardshellError('openclaw.config-unreadable', `${at.slice(0, depth).join('.')} is not an object`)
    }
    const property = findProperty(node, key)
    if (!property) return insert(text, node, key, nest(at.slice(depth + 1), to))
    node = property.value
  }
  const indent = indentAt(text, node.start)
  return text.slice(0, node.start) + formatValue(to, indent) + text.slice(node.end)
}

function elementOf(node: Expression, key: string): Expression | null {
  if (node.type !== 'ArrayExpression' || !isIndex(key)) return null
  const element = node.elements[Number(key)]
  return element && element.type !== 'SpreadElement' ? element : null
}

function removeKey(text: string, at: readonly string[]): string {
  let node: Expression = parseExpression(text)
  for (const key of at.slice(0, -1)) {
    const inner: Expression | undefined = elementOf(node, key) ?? (node.type === 'ObjectExpression' ? findProperty(node, key)?.value : undefined)
    if (inner === undefined) return text
    node = inner
  }
  if (node.type !== 'ObjectExpression') return text
  const index = node.properties.findLastIndex((p) => p.type === 'Property' && keyOf(p) === at.at(-1))
  if (index === -1) return text
  // Behind a duplicate that goes the one before it would come to life: they all go.
  return removeKey(withoutProperty(text, node, index), at)
}

function withoutProperty(text: string, node: ObjectExpression, index: number): string {
  const { start, end } = node.properties[index]!
  const comma = end + triviaLength(text.slice(end))
  const before = node.properties[index - 1]
  // The last one has no comma behind it: the one before it is left over. JSON5 would take it, JSON would not.
  const spare = text[comma] !== ',' && before ? before.end + triviaLength(text.slice(before.end)) : -1
  const [from, to] = wholeLine(text, start, text[comma] === ',' ? comma + 1 : end)
  const head = text.slice(0, from)
  return (spare === -1 ? head : head.slice(0, spare) + head.slice(spare + 1)) + text.slice(to)
}

/** Stretches a cut over its line, with the comment behind it, when nothing else stands there. */
function wholeLine(text: string, start: number, end: number): [number, number] {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const rest = /^[ \t]*(?:\/\/[^\n]*|\/\*(?:[^*\n]|\*(?!\/))*\*\/[ \t]*)?\r?\n/.exec(text.slice(end))?.[0]
  const isAlone = rest !== undefined && /^[ \t]*$/.test(text.slice(lineStart, start))
  if (isAlone) return [lineStart, end + rest.length]
  const blank = /^[ \t]*/.exec(text.slice(end))![0].length
  return [start, end + blank]
}

// JSON5 is a subset of an ECMAScript expression, so acorn gives exact positions. Parentheses make `{` an
// expression; the offset they cost is taken back by blanking a leading byte-order mark instead of removing it.
function parseExpression(text: string): Expression {
  try {
    const program = parse(`(${text.replace(/^\uFEFF/, ' ')}\n)`, { ecmaVersion: 2025 })
    const first = program.body[0]
    if (first?.type !== 'ExpressionStatement') throw new Error('not one value')
    return shift(first.expression)
  } catch (error) {
    throw new HardshellError('openclaw.config-unreadable', `openclaw.json cannot be edited: ${messageOf(error)}`)
  }
}

function shift(root: Expression): Expression {
  const seen = new Set<object>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if ('start' in value && 'end' in value) {
      value.start = (value.start as number) - 1
      value.end = (value.end as number) - 1
    }
    for (const child of Object.values(value)) visit(child)
  }
  visit(root)
  return root
}

// The last one of duplicate keys wins in every JSON5 reader, so it is the one to edit.
function findProperty(node: ObjectExpression, key: string): Property | undefined {
  return node.properties.findLast((p): p is Property => p.type === 'Property' && keyOf(p) === key)
}

function keyOf(property: Property): string {
  const { key } = property
  if (key.type === 'Identifier') return key.name
  return key.type === 'Literal' ? String(key.value) : ''
}

function insert(text: string, node: ObjectExpression, key: string, value: unknown): string {
  const name = nameOf(key)
  const last = node.properties.at(-1)
  if (!last) return insertFirst(text, node, name, value)

  const afterLast = last.end + triviaLength(text.slice(last.end))
  const hasComma = text[afterLast] === ','
  const multiLine = text.slice(node.start, last.start).includes('\n')
  const indent = indentAt(text, last.start)
  const from = hasComma ? afterLast + 1 : last.end
  // A comment behind the last value on its own line belongs to that value: stay behind it.
  const sameLine = multiLine ? (/^[ \t]*(?:\/\/[^\n]*|\/\*(?:[^*\n]|\*(?!\/))*\*\/[ \t]*(?=\n))?/.exec(text.slice(from))?.[0] ?? '') : ''
  const at = from + sameLine.length
  const lead = multiLine ? `\n${indent}` : ' '
  // What stands on one line stays on one line.
  const line = `${lead}${name}: ${multiLine ? formatValue(value, indent) : onOneLine(value)}${hasComma ? ',' : ''}`
  return text.slice(0, from) + (hasComma ? '' : ',') + sameLine + line + text.slice(at)
}

function insertFirst(text: string, node: ObjectExpression, name: string, value: unknown): string {
  const outer = indentAt(text, node.start)
  const indent = `${outer}  `
  const inner = text.slice(node.start + 1, node.end - 1).trimEnd() // comments in an empty object stay
  const block = `{${inner}\n${indent}${name}: ${formatValue(value, indent)},\n${outer}}`
  return text.slice(0, node.start) + block + text.slice(node.end)
}

function nest(path: readonly string[], value: unknown): unknown {
  return path.reduceRight((inner, key) => ({ [key]: inner }), value)
}

function formatValue(value: unknown, indent: string): string {
  const short = onOneLine(value)
  if (typeof value !== 'object' || value === null || short.length <= 80) return short
  const inner = `${indent}  `
  const parts = Array.isArray(value)
    ? value.map((item) => formatValue(item, inner))
    : Object.entries(value).map(([key, item]) => `${nameOf(key)}: ${formatValue(item, inner)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return `${open}\n${parts.map((part) => inner + part).join(',\n')},\n${indent}${close}`
}

function onOneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`
  const parts = Object.entries(value).map(([key, item]) => `${nameOf(key)}: ${onOneLine(item)}`)
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
}

function nameOf(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)
}

function indentAt(text: string, position: number): string {
  const line = text.slice(text.lastIndexOf('\n', position - 1) + 1)
  return /^[ \t]*/.exec(line)?.[0] ?? ''
}

function triviaLength(text: string): number {
  return /^(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/.exec(text)?.[0].length ?? 0
}
