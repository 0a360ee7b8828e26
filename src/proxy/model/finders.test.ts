import { describe, expect, it } from 'vitest'
import { fakeContent, sampleSecret } from './fakes.test.kit.ts'
import { forAnswers } from './finders.ts'
import type { AnswerFinder, ModelContent } from './ports.ts'

const words = (word: RegExp, type: string): AnswerFinder => ({
  find: (text) => [...text.matchAll(word)].map(({ index, 0: hit }) => ({ type, start: index, end: index + hit.length })),
  pending: (text) => (text.endsWith('@') ? 1 : 0),
})

describe('what is looked for in answers', () => {
  it('is the content room itself when there is nothing beside secrets', () => {
    expect(forAnswers(fakeContent)).toBe(fakeContent)
    const none = { ...fakeContent, answerFinders: [] }
    expect(forAnswers(none)).toBe(none)
  })

  it('is everything in order, what overlaps as one, and marked by its kind', () => {
    const mail = words(/[a-z]+@[a-z]+/g, 'e-mail')
    const wide = words(/SECRET-A1B2C3D4 and more/g, 'wide')
    const content: ModelContent = { ...fakeContent, answerFinders: [mail, wide] }
    const answers = forAnswers(content)
    const text = `ann@home ${sampleSecret} and more`
    expect(answers.findSecrets(text).map(({ start, end }) => [start, end])).toEqual([[0, 8], [9, 33]])
    expect(answers.redactSecrets(text)).toBe('[REDACTED_E_MAIL] [REDACTED_WIDE]')
    expect(answers.redactSecrets(`only ${sampleSecret}`)).toBe('only [REDACTED_SAMPLE]')
    expect([answers.pendingSecretLength('x@'), answers.pendingSecretLength('x SECRET-')]).toEqual([1, 7])
  })

  it('keeps the cut of whichever of two overlapping findings has one', () => {
    const cut = { rule: 'canary.seen', reason: 'a canary was said' }
    const canary = (start: number): AnswerFinder => ({
      find: () => [{ type: 'canary', start, end: 6, cut }],
      pending: () => 0,
    })
    const other = words(/abcd/g, 'word')
    for (const start of [0, 2]) {
      const answers = forAnswers({ ...fakeContent, answerFinders: [other, canary(start)] })
      expect(answers.findSecrets('abcdefgh')).toMatchObject([{ start: 0, end: 6, cut }])
    }
  })
})
