import { describe, expect, it } from 'vitest'
import { apis } from './api.ts'
import { screenArray } from './array-stream.ts'
import { fakeContent, sampleSecret } from './fakes.test.kit.ts'
import { emptyTally } from './usage.ts'

const options = () => ({
  api: apis['google-generative'],
  content: fakeContent,
  tally: emptyTally(),
  dropUsage: false,
  replaceError: null,
  maxEventBytes: 1e6,
  nowMs: () => 0,
})
const chunk = (text: string, more: object = {}) => ({ candidates: [{ content: { parts: [{ text }] }, index: 0, ...more }] })

describe('a stream that came as one JSON array', () => {
  it('stays the very text it was when nothing is found', async () => {
    const text = `[${JSON.stringify(chunk('hello'), null, 2)}\n,\r\n${JSON.stringify(chunk(' you', { finishReason: 'STOP' }))}\n]`
    expect(await screenArray(text, options())).toMatchObject({ text, redactions: 0, stopReason: 'STOP' })
  })

  it('loses a secret that two of its events share, and stays an array', async () => {
    const events = [chunk(`it is ${sampleSecret.slice(0, 9)}`), chunk(`${sampleSecret.slice(9)} ok`, { finishReason: 'STOP' })]
    const screened = await screenArray(JSON.stringify(events), options())
    const shown = JSON.parse(screened!.text) as ReturnType<typeof chunk>[]
    expect(shown.map(({ candidates }) => candidates[0]!.content.parts[0]!.text).join('')).toBe('it is [REDACTED_SAMPLE] ok')
    expect(screened!.redactions).toBeGreaterThan(0)
  })

  it('is told from an answer that is no array', async () => {
    expect(await screenArray('{"candidates":[]}', options())).toBeNull()
    expect(await screenArray('[1,', options())).toBeNull()
  })
})
