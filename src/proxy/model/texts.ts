import { isObject } from './json-text.ts'

// Where content parts of the APIs keep what a model reads: text, documents and search results with their titles,
// outputs of tools and shells.
const carriers = [
  'title',
  'context',
  'text',
  'content',
  'output',
  'result',
  'stdout',
  'stderr',
  'refusal',
  'transcript',
] as const

// Parts of a document in a tool's result in a message stand six levels deep.
const maxDepth = 12

/** Everything a model reads in a content, in order. Attacker-controlled; whatever is no text is left out. */
export function textsIn(content: unknown, depth = 0): string {
  if (typeof content === 'string') return content
  if (depth > maxDepth) return ''
  if (Array.isArray(content)) return content.map((part) => textsIn(part, depth + 1)).join('')
  if (!isObject(content)) return ''
  const own = carriers.map((field) => textsIn(content[field], depth + 1)).join('')
  return own + sourceText(content.source, depth)
}

/** Documents may carry their text in a source of their own: `{type: 'text', data}` or `{type: 'content', content}`. */
function sourceText(source: unknown, depth: number): string {
  if (!isObject(source)) return ''
  return source.type === 'text' ? textsIn(source.data, depth + 1) : textsIn(source.content, depth + 1)
}
