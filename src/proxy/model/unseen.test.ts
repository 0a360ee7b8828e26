import { describe, expect, it } from 'vitest'
import { unseenInputTokens } from './unseen.ts'

const image = 20_000
const window = 1_000_000
const user = (...content: object[]) => ({ messages: [{ role: 'user', content }] })
const input = (...content: object[]) => ({ input: [{ role: 'user', content }] })
const google = (...parts: object[]) => ({ contents: [{ role: 'user', parts }] })
const picture = 'A'.repeat(30_000)

describe('what a request brings in that its bytes do not show', () => {
  it('is nothing where everything is said in the request', () => {
    expect(unseenInputTokens({ messages: [{ role: 'user', content: 'https://example.com/cat.png file_id' }] })).toBe(0)
    expect(unseenInputTokens(user({ type: 'image_url', image_url: { url: `data:image/png;base64,${picture}` } }))).toBe(0)
    expect(unseenInputTokens(user({ type: 'image', source: { type: 'base64', data: picture } }))).toBe(0)
    expect(unseenInputTokens(input({ type: 'input_image', image_url: `data:image/png;base64,${picture}` }))).toBe(0)
    expect(unseenInputTokens(google({ inlineData: { mimeType: 'image/png', data: picture } }))).toBe(0)
    expect(unseenInputTokens({ ...user(), tools: [{ type: 'function', function: { name: 'web_search' } }] })).toBe(0)
    expect(unseenInputTokens({ ...google(), tools: [{ functionDeclarations: [{ name: 'googleSearch' }] }] })).toBe(0)
    expect(unseenInputTokens({ input: 'x', tools: [{ type: 'shell', environment: { type: 'local' } }, { type: 'local_shell' }] })).toBe(0)
  })

  it('is what a small picture costs beyond its bytes', () => {
    const small = `data:image/png;base64,${'A'.repeat(78)}` // a blank page packs into a few bytes
    const left = image - small.length
    expect(unseenInputTokens(user({ type: 'image_url', image_url: { url: small } }))).toBe(left)
    expect(unseenInputTokens(input({ type: 'input_image', image_url: small }))).toBe(left)
    expect(unseenInputTokens(user({ type: 'image', source: { type: 'base64', data: 'A'.repeat(95) } }))).toBe(left)
    expect(unseenInputTokens(google({ inline_data: { mime_type: 'image/png', data: 'A'.repeat(95) } }))).toBe(left)
  })

  it('is counted for pictures by reference, also inside tool results', () => {
    const url = { type: 'image', source: { type: 'url', url: 'https://example.com/cat.png' } }
    expect(unseenInputTokens(user({ type: 'image_url', image_url: { url: 'https://example.com/cat.png' } }))).toBe(image)
    expect(unseenInputTokens(user(url, url))).toBe(2 * image)
    expect(unseenInputTokens(user({ type: 'tool_result', content: [url] }))).toBe(image)
    expect(unseenInputTokens(input({ type: 'input_image', file_id: 'f' }))).toBe(image)
  })

  it('is one window for files by reference and for what is kept at the provider, however many', () => {
    const file = { type: 'file', file: { file_id: 'f' } }
    expect(unseenInputTokens(user(file, file))).toBe(window)
    expect(unseenInputTokens(user({ type: 'document', source: { type: 'file', file_id: 'f' } }))).toBe(window)
    expect(unseenInputTokens(input({ type: 'input_file', file_url: 'https://example.com/a.pdf' }))).toBe(window)
    expect(unseenInputTokens(input({ type: 'input_file', file_data: 'data:application/pdf;base64,AAAA' }))).toBe(0)
    expect(unseenInputTokens(google({ fileData: { fileUri: 'https://example.com/a' } }))).toBe(window)
    expect(unseenInputTokens({ ...google(), cachedContent: 'cachedContents/1' })).toBe(window)
    expect(unseenInputTokens({ input: [{ type: 'item_reference', id: 'msg_1' }], previous_response_id: 'resp_1' })).toBe(window)
    expect(unseenInputTokens({ input: 'x', conversation: 'conv_1' })).toBe(window)
    expect(unseenInputTokens({ prompt: { id: 'pmpt_1' } })).toBe(window)
  })

  it('is counted for every tool the provider runs itself', () => {
    expect(unseenInputTokens({ ...user(), tools: [{ type: 'web_search_20250305', name: 'web_search' }] })).toBe(window)
    expect(unseenInputTokens({ ...user(), web_search_options: {} })).toBe(window)
    expect(unseenInputTokens({ ...user(), mcp_servers: [{ url: 'https://example.com' }] })).toBe(window)
    expect(unseenInputTokens({ input: 'x', tools: [{ type: 'web_search' }, { type: 'code_interpreter', container: { type: 'auto' } }] })).toBe(2 * window)
    expect(unseenInputTokens({ input: 'x', tools: [{ type: 'shell', environment: { type: 'container_auto' } }] })).toBe(window)
    expect(unseenInputTokens({ ...google(), tools: [{ googleSearch: {} }, { code_execution: {} }] })).toBe(2 * window)
  })
})
