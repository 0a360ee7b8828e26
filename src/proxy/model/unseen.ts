import { isObject, type JsonObject } from './json-text.ts'

// Tokens behind a reference are not in the bytes that are counted. An image costs some thousand at the dearest
// setting of either provider; a file may fill the largest window on the market.
const tokensOfImage = 20_000
const tokensOfFile = 1_000_000

const hostedTools = /^(web_search|web_fetch|code_execution|code_interpreter|file_search|computer|mcp)/
const hostedFields = ['mcp_servers', 'container', 'web_search_options']

/**
 * Input the provider adds to a request that its bytes do not show: images and files by reference, and what tools that
 * run on its side bring in. An upper bound for the budget; 0 for a request that says everything itself.
 */
export function unseenInputTokens(body: JsonObject): number {
  let tokens = hostedFields.some((field) => body[field] !== undefined && body[field] !== null) ? tokensOfFile : 0
  const visit = (value: unknown, depth: number): void => {
    if (depth > maxDepth || typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) for (const item of value) visit(item, depth + 1)
    else {
      tokens += unseenIn(value as JsonObject)
      for (const child of Object.values(value)) visit(child, depth + 1)
    }
  }
  visit(body.messages, 0)
  visit(body.system, 0)
  visit(body.tools, 0)
  return tokens
}

// Content parts stand four levels deep in either API, in tool results six.
const maxDepth = 12

function unseenIn(part: JsonObject): number {
  const { type } = part
  if (typeof type === 'string' && hostedTools.test(type) && !('input' in part) && !('content' in part)) return tokensOfFile
  if (type === 'image_url') return isReference(isObject(part.image_url) ? part.image_url.url : part.image_url) ? tokensOfImage : 0
  if (type === 'file') return isObject(part.file) && part.file.file_id !== undefined ? tokensOfFile : 0
  if (isObject(part.source) && (part.source.type === 'url' || part.source.type === 'file')) return type === 'image' ? tokensOfImage : tokensOfFile
  return 0
}

function isReference(url: unknown): boolean {
  return typeof url === 'string' && !url.startsWith('data:')
}
