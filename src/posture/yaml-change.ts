import { isDeepStrictEqual } from 'node:util'
import { isMap, isScalar, isSeq, parseDocument, stringify, type Document, type YAMLMap } from 'yaml'
import type { YamlChange, YamlStep } from './change.ts'

/**
 * A YAML text with one place set; comments, order and quotes of everything else stay. Maps on the way are made, a list
 * gets an element it does not have at its end. `to: undefined` takes the key out. Pure.
 * @throws Error when the text is no YAML or the way leads through something that is neither map nor list
 */
export function withYaml(text: string | null, change: Pick<YamlChange, 'at' | 'to'>): string {
  const document = open(text)
  if (document.contents === null) document.contents = document.createNode({}) as unknown as YAMLMap
  const steps = indexed(document, change.at, change.to !== undefined)
  if (steps === null) return text ?? ''
  const spliced = splice(text ?? '', { node: document.getIn(steps, true), steps, to: change.to })
  if (spliced !== null) return spliced
  if (change.to === undefined) document.deleteIn(steps)
  else document.setIn(steps, document.createNode(change.to))
  return document.toString({ lineWidth: 0, flowCollectionPadding: isPadded(text ?? ''), indentSeq: !/^( *)[^\s#-][^\n]*:[ \t]*\n\1- /m.test(text ?? '') })
}

/** Do its lists and maps in brackets have blanks inside? Brackets within a word or in quotes are none. */
function isPadded(text: string): boolean {
  return /(?:^|[\s,[{])[[{] /m.test(text.replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '""'))
}

/** What stands at that place, `undefined` for nothing. @throws Error when the text is no YAML */
export function yamlValue(text: string | null, at: readonly YamlStep[]): unknown {
  const document = open(text)
  const steps = document.contents === null ? null : indexed(document, at, false)
  if (steps === null) return undefined
  const node = document.getIn(steps) as { toJSON?(): unknown } | undefined
  return node?.toJSON === undefined ? node : node.toJSON()
}

/** Whether a change may still be applied: the place reads as it was judged. */
export function yamlHolds(text: string | null, change: Pick<YamlChange, 'at' | 'from'>): boolean {
  return isDeepStrictEqual(yamlValue(text, change.at), change.from)
}

/** One plain value for another, byte for byte the same around it; `null` where it is not that simple. */
function splice(text: string, { node, steps, to }: { node: unknown; steps: readonly (string | number)[]; to: unknown }): string | null {
  if (!isScalar(node) || !node.range || !['string', 'number', 'boolean'].includes(typeof to)) return null
  const [start, end] = node.range
  const after = text.slice(0, start) + stringify(to, { lineWidth: 0 }).trimEnd() + text.slice(end)
  const read = parseDocument(after, { uniqueKeys: false })
  return read.errors.length === 0 && read.getIn(steps) === to ? after : null
}

function open(text: string | null): Document {
  // Guides write `“loopback”` with typographic quotes and people paste tabs: what the library takes, we take.
  const document = parseDocument(text ?? '', { uniqueKeys: false })
  const [problem] = document.errors
  if (problem) throw new Error(problem.message.split('\n')[0])
  return document as unknown as Document
}

/** Steps with list elements by number; `null` when the way ends before and nothing is to be made. */
function indexed(document: Document, at: readonly YamlStep[], make: boolean): (string | number)[] | null {
  const steps: (string | number)[] = []
  for (const step of at) {
    const node = steps.length === 0 ? document.contents : document.getIn(steps, true)
    if (node === undefined || node === null || isEmptyScalar(node)) {
      if (!make) return null
      document.setIn(steps, document.createNode(typeof step === 'string' ? {} : []))
    } else if (!isMap(node) && !isSeq(node)) {
      if (!make) return null
      throw new Error(`${steps.join('.')} is neither a map nor a list`)
    }
    steps.push(typeof step === 'string' ? step : numberOf(document, steps, step.named))
  }
  return steps
}

function isEmptyScalar(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'value' in node && node.value === null
}

function numberOf(document: Document, steps: readonly (string | number)[], name: string): number {
  const list = document.getIn(steps)
  if (!isSeq(list)) throw new Error(`${steps.join('.')} is not a list`)
  const found = list.items.findIndex((item) => isMap(item) && item.get('name') === name)
  return found === -1 ? list.items.length : found
}
