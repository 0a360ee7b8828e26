import { describe, expect, it } from 'vitest'
import { fakeContent } from './fakes.test.kit.ts'
import type { InputText } from './ports.ts'
import { maxNewChars, ScreenedTexts } from './screened-texts.ts'

/** Whose verdict says which text it was made for. */
function set(): { screened: ScreenedTexts; asked: string[] } {
  const asked: string[] = []
  const nameOf = ({ channel, scope, text }: InputText): string => `${channel}/${scope}/${text.length}`
  const screened = ScreenedTexts.over({
    ...fakeContent,
    screenInput(text) {
      asked.push(nameOf(text))
      return { signals: [nameOf(text)] }
    },
    marksFor: (text) => ({ open: nameOf(text), close: '' }),
  })!
  return { screened, asked }
}

const room = () => ({ leftChars: maxNewChars })

describe.each([['short', 'a word'], ['long', 'a sentence of many words. '.repeat(100)]])('a %s text that comes again', (_length, text) => {
  it('is screened once, also as another string of the same letters', () => {
    const { screened, asked } = set()
    const again = Buffer.from(text).toString()
    for (const one of [text, text, again]) {
      expect(screened.verdict({ channel: 'user', scope: 's', text: one }, room()).signals).toEqual([`user/s/${text.length}`])
    }
    expect(asked).toHaveLength(1)
  })

  it('has a verdict of its own in each session and channel, whichever came last', () => {
    const { screened, asked } = set()
    const places = [['user', 's'], ['tool_result', 's'], ['tool_result', 't'], ['user', 't']] as const
    for (let round = 0; round < 3; round++) {
      for (const [channel, scope] of places) {
        const { signals, marks } = screened.verdict({ channel, scope, text }, room())
        expect(signals).toEqual([`${channel}/${scope}/${text.length}`])
        expect(marks?.open).toBe(channel === 'tool_result' ? `tool_result/${scope}/${text.length}` : undefined)
      }
    }
    expect(asked).toHaveLength(places.length)
  })
})

it('a text there was no room for is screened when there is', () => {
  const { screened } = set()
  const text = { channel: 'user', scope: '', text: 'x'.repeat(2_000) } as const
  expect(screened.verdict(text, { leftChars: 100 }).signals).toContain('unscreened')
  expect(screened.verdict(text, { leftChars: 100 }).signals).toContain('unscreened')
  expect(screened.verdict(text, room()).signals).toEqual(['user//2000'])
  expect(screened.verdict(text, { leftChars: 0 }).signals, 'known by now').toEqual(['user//2000'])
})

it('texts beyond what is kept as it is are known by their digests', () => {
  const { screened, asked } = set()
  const texts = Array.from({ length: 40 }, (_, n) => `${n} ${'y'.repeat(400_000)}`)
  for (let round = 0; round < 2; round++) {
    for (const text of texts) screened.verdict({ channel: 'user', scope: '', text }, room())
  }
  expect(asked).toHaveLength(texts.length)
})
