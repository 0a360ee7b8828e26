import { describe, expect, it } from 'vitest'
import { unseenInputTokens } from './unseen.ts'

const user = (...content: object[]) => ({ messages: [{ role: 'user', content }] })

describe('what a request brings in that its bytes do not show', () => {
  it('is nothing where everything is said in the request', () => {
    expect(unseenInputTokens({ messages: [{ role: 'user', content: 'https://example.com/cat.png file_id' }] })).toBe(0)
    expect(unseenInputTokens(user({ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }, { type: 'text', text: 'x' }))).toBe(0)
    expect(unseenInputTokens(user({ type: 'image', source: { type: 'base64', data: 'AAAA' } }))).toBe(0)
    expect(unseenInputTokens({ ...user(), tools: [{ type: 'function', function: { name: 'web_search' } }] })).toBe(0)
  })

  it('is counted for pictures and files by reference, in both APIs and inside tool results', () => {
    const url = { type: 'image', source: { type: 'url', url: 'https://example.com/cat.png' } }
    expect(unseenInputTokens(user({ type: 'image_url', image_url: { url: 'https://example.com/cat.png' } }))).toBe(20_000)
    expect(unseenInputTokens(user(url, url))).toBe(40_000)
    expect(unseenInputTokens(user({ type: 'tool_result', content: [url] }))).toBe(20_000)
    expect(unseenInputTokens(user({ type: 'file', file: { file_id: 'f' } }))).toBe(1_000_000)
    expect(unseenInputTokens(user({ type: 'document', source: { type: 'file', file_id: 'f' } }))).toBe(1_000_000)
  })

  it('is counted for tools the provider runs itself', () => {
    expect(unseenInputTokens({ ...user(), tools: [{ type: 'web_search_20250305', name: 'web_search' }] })).toBe(1_000_000)
    expect(unseenInputTokens({ ...user(), web_search_options: {} })).toBe(1_000_000)
    expect(unseenInputTokens({ ...user(), mcp_servers: [{ url: 'https://example.com' }] })).toBe(1_000_000)
  })
})
