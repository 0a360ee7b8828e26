import { describe, expect, it } from 'vitest'
import { fakeContent } from './fakes.test.kit.ts'
import { forAnswers } from './finders.ts'
import type { AnswerFinder, ModelContent } from './ports.ts'
import { redactAnswer } from './redact-answer.ts'

const finder = (word: string, exceptArguments: boolean, cut?: { rule: string; reason: string }): AnswerFinder => ({
  exceptArguments,
  pending: () => 0,
  find(text) {
    const start = text.indexOf(word)
    return start === -1 ? [] : [{ type: word, start, end: start + word.length, ...(cut && { cut }) }]
  },
})
const content: ModelContent = forAnswers({ ...fakeContent, answerFinders: [finder('mail', true), finder('canary', false, { rule: 'r', reason: 'gone' })] })
const answerOf = (value: object): string => JSON.stringify(value)

describe('a whole answer', () => {
  it('keeps every byte when nothing is in it', () => {
    const text = '{ "content" :  [ {"type":"text","text":"h\\u0065llo"} ] }'
    expect(redactAnswer(text, content)).toEqual({ ok: true, text, found: 0 })
  })

  it('loses from what is said what is looked for there, and nothing from the arguments of tools', () => {
    const message = { content: 'write to mail now', tool_calls: [{ function: { arguments: '{"to":"mail"}' } }] }
    expect(redactAnswer(answerOf({ choices: [{ message }] }), content)).toEqual({
      ok: true,
      found: 1,
      text: answerOf({ choices: [{ message: { ...message, content: 'write to [REDACTED_MAIL] now' } }] }),
    })
    const call = { type: 'tool_use', input: { to: 'mail' } }
    expect(redactAnswer(answerOf({ content: [call] }), content)).toMatchObject({ found: 0 })
    expect(redactAnswer(answerOf({ candidates: [{ functionCall: { args: { to: 'mail' } } }] }), content)).toMatchObject({ found: 0 })
  })

  it('does not go on at all with what ends an answer, in arguments too', () => {
    expect(redactAnswer(answerOf({ content: [{ type: 'tool_use', input: { q: 'canary' } }] }), content)).toEqual({
      ok: false,
      reason: 'gone',
      cut: { rule: 'r', reason: 'gone' },
    })
  })
})
