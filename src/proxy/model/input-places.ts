import type { ApiName } from './api.ts'
import { isObject, type JsonObject } from './json-text.ts'
import type { Path } from './string-places.ts'

/** One string of a request that the client may write as it likes: what a person said, or what a tool brought in. */
export interface InputPlace {
  channel: 'user' | 'tool_result'
  path: Path
  text: string
}

/**
 * The strings of a request that may be rewritten without breaking anything. Left out are what the provider's own tools
 * found (it stands in messages of the assistant, some of it signed) and documents, whose citations count characters.
 */
export function inputPlaces(api: ApiName, body: JsonObject): InputPlace[] {
  const places: InputPlace[] = []
  readers[api](body, (channel, path, text) => {
    if (typeof text === 'string' && text !== '') places.push({ channel, path, text })
  })
  return places
}

type Add = (channel: InputPlace['channel'], path: Path, text: unknown) => void

const readers: Readonly<Record<ApiName, (body: JsonObject, add: Add) => void>> = {
  'openai-chat'(body, add) {
    for (const [at, { role, content }] of indexed(body.messages)) {
      if (role === 'tool' || role === 'function') addContent(content, ['messages', at, 'content'], 'tool_result', add)
      else if (role === 'user') addContent(content, ['messages', at, 'content'], 'user', add)
    }
  },
  'openai-responses'(body, add) {
    add('user', ['input'], body.input)
    for (const [at, item] of indexed(body.input)) {
      if (item.output !== undefined) addContent(item.output, ['input', at, 'output'], 'tool_result', add)
      else if (item.role === 'user') addContent(item.content, ['input', at, 'content'], 'user', add)
    }
  },
  'anthropic-messages'(body, add) {
    for (const [at, { role, content }] of indexed(body.messages)) {
      if (role === 'assistant') continue
      addContent(content, ['messages', at, 'content'], 'user', add)
      for (const [part, block] of indexed(content)) {
        if (block.type !== 'tool_result') continue
        addContent(block.content, ['messages', at, 'content', part, 'content'], 'tool_result', add)
      }
    }
  },
  'google-generative'(body, add) {
    for (const [at, { role, parts }] of indexed(body.contents)) {
      for (const [part, item] of indexed(parts)) {
        const path = ['contents', at, 'parts', part]
        if (role !== 'model') add('user', [...path, 'text'], item.text)
        for (const key of ['functionResponse', 'function_response']) {
          const response = isObject(item[key]) ? item[key].response : undefined
          addLeaves(response, [...path, key, 'response'], add)
        }
      }
    }
  },
}

/** A text, or parts of which some are one. `text` is Chat's and Anthropic's, `input_text` that of Responses. */
function addContent(content: unknown, path: Path, channel: InputPlace['channel'], add: Add): void {
  add(channel, path, content)
  for (const [at, { type, text }] of indexed(content)) {
    if (type === 'text' || type === 'input_text') add(channel, [...path, at, 'text'], text)
  }
}

// Google's results are objects of the function's own making: deeper than this nobody looks for words.
const maxDepth = 6

/** An order to a model takes several words: names and ids stay as they are. */
function addLeaves(value: unknown, path: Path, add: Add): void {
  if (typeof value === 'string' && /\s/.test(value)) add('tool_result', path, value)
  if (typeof value !== 'object' || value === null || path.length > 5 + maxDepth) return
  const inside = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  for (const [key, item] of inside) addLeaves(item, [...path, key], add)
}

function indexed(list: unknown): [number, JsonObject][] {
  if (!Array.isArray(list)) return []
  if (list.every(isObject)) return [...list.entries()]
  return [...list.entries()].filter((entry): entry is [number, JsonObject] => isObject(entry[1]))
}
