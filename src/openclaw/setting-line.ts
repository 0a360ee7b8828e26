import { parse, type Expression, type Property } from 'acorn'

/**
 * Where settings stand in JSON5 text, for reports that point at a line. `a.b[0].c` is looked up as it is said; a key
 * that holds dots itself is found too. Where the setting is absent, the line of the nearest thing above it is given.
 * @returns `null` for every place when the text is not JSON5
 */
export function settingLines(text: string): (place: string) => number | null {
  const root = parsed(text)
  return (place) => (root === null ? null : lineOf(root, place))
}

/** The text in parentheses, as `{` alone would open a block; the one column this costs does not matter for lines. */
function parsed(text: string): Expression | null {
  try {
    const [first] = parse(`(${text.replace(/^\uFEFF/, ' ')}\n)`, { ecmaVersion: 2025, locations: true }).body
    return first?.type === 'ExpressionStatement' ? first.expression : null
  } catch {
    return null
  }
}

function lineOf(root: Expression, place: string): number | null {
  const words = place.split(/\.|(?=\[\d+\])/).filter((word) => word !== '')
  let node: Expression = root
  let line: number | null = null
  for (let at = 0; at < words.length; ) {
    const found = step(node, words, at)
    if (found === null) break
    node = found.node
    line = found.line
    at += found.words
  }
  return line
}

/** One step down: an element of a list, or the longest run of words that is a key. */
function step(node: Expression, words: readonly string[], at: number): { node: Expression; line: number; words: number } | null {
  const index = /^\[(\d+)\]$/.exec(words[at]!)?.[1]
  if (node.type === 'ArrayExpression') {
    const element = node.elements[Number(index ?? words[at])]
    return element && element.type !== 'SpreadElement' ? { node: element, line: element.loc!.start.line, words: 1 } : null
  }
  if (node.type !== 'ObjectExpression') return null
  for (let end = words.length; end > at; end--) {
    const key = words.slice(at, end).join('.')
    const property = node.properties.findLast((one): one is Property => one.type === 'Property' && keyOf(one) === key)
    if (property) return { node: property.value, line: property.loc!.start.line, words: end - at }
  }
  return null
}

function keyOf({ key }: Property): string {
  if (key.type === 'Identifier') return key.name
  return key.type === 'Literal' ? String(key.value) : ''
}
