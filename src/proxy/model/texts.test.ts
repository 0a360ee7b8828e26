import { describe, expect, it } from 'vitest'
import { apis, type ApiName } from './api.ts'
import { textsIn } from './texts.ts'

describe('what a model reads', () => {
  it('is everything that is text, in order and however deep, and nothing else', () => {
    expect(textsIn('plain')).toBe('plain')
    expect(textsIn([{ type: 'text', text: 'one ' }, { type: 'image', source: { type: 'base64', data: 'AAAA' } }, { type: 'text', text: 'two' }])).toBe('one two')
    expect(textsIn({ type: 'document', title: 'T ', source: { type: 'text', data: 'inside' } })).toBe('T inside')
    expect(textsIn({ type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'blocks' }] } })).toBe('blocks')
    expect(textsIn({ type: 'search_result', title: 'T ', content: [{ type: 'text', text: 'found' }] })).toBe('T found')
    expect(textsIn([{ stdout: 'out ', stderr: 'err' }])).toBe('out err')
    expect(textsIn(null)).toBe('')
  })

  const results: [ApiName, object][] = [
    ['openai-chat', { messages: [{ role: 'tool', content: 'the result' }] }],
    ['openai-responses', { input: [{ type: 'function_call_output', output: 'the result' }] }],
    ['openai-responses', { input: [{ type: 'shell_call_output', output: [{ stdout: 'the ', stderr: 'result' }] }] }],
    ['openai-responses', { input: [{ type: 'mcp_call', name: 'x', output: 'the result' }] }],
    ['anthropic-messages', { messages: [{ role: 'user', content: [{ type: 'tool_result', content: [{ type: 'text', text: 'the result' }] }] }] }],
    ['anthropic-messages', { messages: [{ role: 'assistant', content: [{ type: 'web_fetch_tool_result', content: { content: { source: { type: 'text', data: 'the result' } } } }] }] }],
    ['google-generative', { contents: [{ role: 'user', parts: [{ functionResponse: { response: { output: 'the result' } } }] }] }],
    ['google-generative', { contents: [{ role: 'model', parts: [{ codeExecutionResult: { output: 'the result' } }] }] }],
  ]
  it.each(results)('knows what a tool said in %s from what a person said: %j', (api, body) => {
    expect(apis[api].readMessages(body as Record<string, unknown>)).toContainEqual({ role: 'user', text: 'the result', isToolResult: true })
  })

  const systems: [ApiName, object][] = [
    ['openai-chat', { messages: [{ role: 'developer', content: 'the rules' }] }],
    ['openai-responses', { instructions: 'the rules', input: 'x' }],
    ['anthropic-messages', { system: [{ type: 'text', text: 'the rules' }], messages: [] }],
    ['google-generative', { system_instruction: { parts: [{ text: 'the rules' }] }, contents: [] }],
  ]
  it.each(systems)('knows the rules of %s apart: %j', (api, body) => {
    expect(apis[api].readMessages(body as Record<string, unknown>)[0]).toEqual({ role: 'system', text: 'the rules', isToolResult: false })
  })
})
