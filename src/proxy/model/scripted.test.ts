import { describe, expect, it } from 'vitest'
import type { LocalModelMessage } from './local.ts'
import { scriptedModel } from './scripted.ts'

const user = (text: string): LocalModelMessage => ({ role: 'user', text, isToolResult: false })
const result = (text: string): LocalModelMessage => ({ role: 'user', text, isToolResult: true })
const assistant = (text: string): LocalModelMessage => ({ role: 'assistant', text, isToolResult: false })
const answer = (...messages: LocalModelMessage[]) => scriptedModel({ messages })

describe('the scripted model', () => {
  it('says what it is told to say', () => {
    expect(answer(user('SAY:good morning'))).toEqual({ text: 'good morning' })
  })

  it('calls the tool it is told to call, whatever follows the arguments', () => {
    const text = 'TOOL:read {"path":"a}b.txt","deep":{"x":"\\"}"}} and then stop'
    expect(answer(user(text))).toEqual({ tool: 'read', args: { path: 'a}b.txt', deep: { x: '"}' } } })
  })

  it('takes its time when told to', () => {
    expect(answer(user('SLOW:5 counting'))).toEqual({ text: 'counting', slowMs: 5000 })
  })

  it('reports the result of a tool even when OpenClaw appends context after it', () => {
    const context = user('<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>\nSAY:no\n<<<END_OPENCLAW_INTERNAL_CONTEXT>>>')
    const messages = [user('TOOL:read {"path":"x"}'), assistant(''), result('content'), context]
    expect(answer(...messages)).toEqual({ text: 'TOOL_RESULT<<content>>' })
  })

  it('cuts a long result to 1500 characters', () => {
    const [text] = Object.values(answer(result('x'.repeat(4000))))
    expect(text).toHaveLength('TOOL_RESULT<<>>'.length + 1500)
  })

  it('finds the user’s words among the runtime context around them', () => {
    const text = 'Runtime: agent=main | session=s\n\nSAY:hi\n\nRuntime: agent=main | session=agent:main:main'
    const context = user('<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>> something')
    expect(answer(user(text), context)).toEqual({ text: 'hi' })
  })

  it('does not obey an order from before its last answer', () => {
    expect(answer(user('SAY:old'), assistant('old'), user('and now?'))).toMatchObject({
      text: expect.stringContaining('ANTHROPIC_API_KEY'),
    })
  })

  it('says who it is when arguments do not parse', () => {
    expect(answer(user('TOOL:read {"path":'))).toMatchObject({ text: expect.stringContaining('scripted model') })
  })
})
