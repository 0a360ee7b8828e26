import { isObject, objectsOf, type JsonObject } from './json-text.ts'

// Tokens behind a reference are not in the bytes that are counted. An image costs some thousand at the dearest
// setting of any provider; a file may fill the largest window on the market, and so may what a hosted tool brings in.
const tokensOfImage = 20_000
const tokensOfWindow = 1_000_000

/**
 * Tools that run on the provider's side, by their type: OpenAI's and Anthropic's. Those the client runs (`computer`,
 * `bash`, `local_shell`, `apply_patch`) bring in nothing but what the client sends.
 */
const hostedTools = /^(?:web_search|web_fetch|code_execution|code_interpreter|file_search|mcp|advisor|shell)/
// Google's tools are named by their key.
const ownTools = new Set(['functionDeclarations', 'function_declarations', 'computerUse', 'computer_use'])
const hostedFields = ['mcp_servers', 'container', 'web_search_options']
// What is kept at the provider and read again: an earlier answer, a whole conversation, a prompt, a cache.
const storedFields = ['previous_response_id', 'conversation', 'prompt', 'cachedContent', 'cached_content']

/**
 * Input the provider adds to a request that its bytes do not show: what is referred to, pictures whose bytes are fewer
 * than their tokens, and what tools on its side bring in. An upper bound for the budget; 0 for a request that says
 * everything itself.
 */
export function unseenInputTokens(body: JsonObject): number {
  const found: Unseen = { images: 0, window: false }
  for (const field of ['messages', 'system', 'input', 'contents', 'systemInstruction', 'system_instruction']) {
    look(body[field], found, 0)
  }
  const stored = storedFields.some((field) => isThere(body[field]))
  const hosted = hostedFields.filter((field) => isThere(body[field])).length + hostedIn(body.tools)
  return found.images + (found.window || stored ? tokensOfWindow : 0) + hosted * tokensOfWindow
}

interface Unseen {
  images: number
  /** Something may fill the window; it can be filled once. */
  window: boolean
}

// Content parts stand four levels deep in any API, in tool results six.
const maxDepth = 12

function look(value: unknown, found: Unseen, depth: number): void {
  if (depth > maxDepth || typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) for (const item of value) look(item, found, depth + 1)
  else {
    addPart(value as JsonObject, found)
    for (const child of Object.values(value)) look(child, found, depth + 1)
  }
}

function addPart(part: JsonObject, found: Unseen): void {
  const { type } = part
  const source = isObject(part.source) ? part.source : null
  if (type === 'image_url') found.images += missing(isObject(part.image_url) ? part.image_url.url : part.image_url)
  else if (type === 'input_image') found.images += missing(part.image_url)
  else if (type === 'image' && source) found.images += missing(source.type === 'base64' ? dataOf(source) : null)
  else if (type === 'item_reference') found.window = true
  else if (type === 'file' || type === 'input_file') found.window ||= refers(isObject(part.file) ? part.file : part)
  else if (source && (source.type === 'url' || source.type === 'file')) found.window = true
  addGooglePart(part, found)
}

/** Google writes both spellings. A picture it sends as data counts its bytes, a file it refers to may be anything. */
function addGooglePart(part: JsonObject, found: Unseen): void {
  if (isThere(part.fileData ?? part.file_data) && typeof part.file_data !== 'string') found.window = true
  const inline = part.inlineData ?? part.inline_data
  if (!isObject(inline)) return
  const mimeType = inline.mimeType ?? inline.mime_type
  if (typeof mimeType === 'string' && mimeType.startsWith('image/')) found.images += missing(dataOf(inline))
}

function dataOf({ data }: JsonObject): string {
  return `data:${typeof data === 'string' ? data : ''}`
}

/** What an image costs beyond its own bytes: all of it where only its address is given. */
function missing(url: unknown): number {
  const bytes = typeof url === 'string' && url.startsWith('data:') ? url.length : 0
  return Math.max(0, tokensOfImage - bytes)
}

function refers({ file_id, file_url }: JsonObject): boolean {
  return isThere(file_id) || isThere(file_url)
}

function hostedIn(tools: unknown): number {
  return objectsOf(tools).filter((tool) => {
    if (typeof tool.type === 'string') return hostedTools.test(tool.type) && !runsAtClient(tool)
    return Object.keys(tool).some((key) => !ownTools.has(key)) && !('name' in tool)
  }).length
}

/** OpenAI's `shell` runs where its environment says; without one, at the client. */
function runsAtClient({ type, environment }: JsonObject): boolean {
  return type === 'shell' && (!isObject(environment) || environment.type === 'local')
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null
}
