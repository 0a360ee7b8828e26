import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readEvents } from './events.ts'

async function read(chunks: Uint8Array[]): Promise<string[]> {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield* chunks
  }
  const events: string[] = []
  for await (const data of readEvents(body())) events.push(data)
  return events
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('readEvents', () => {
  it('reads data lines, joins several, ignores comments and other fields', async () => {
    const text = ': hi\nevent: x\ndata: one\n\ndata:two\ndata: three\r\n\r\nid: 1\n\ndata: 😀\n\n'
    expect(await read([bytes(text)])).toEqual(['one', 'two\nthree', '😀'])
  })

  it('gives the same events wherever the bytes are cut', async () => {
    const whole = bytes('data: {"a":"ü😀"}\r\n\r\ndata: b\n\ndata: c\n\n')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: whole.length }), { maxLength: 6 }), async (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), whole.length]
        const chunks = places.slice(1).map((to, i) => whole.slice(places[i], to))
        expect(await read(chunks)).toEqual(['{"a":"ü😀"}', 'b', 'c'])
      }),
    )
  })

  it('refuses an event without end', async () => {
    const chunk = bytes('x'.repeat(600_000))
    await expect(read([bytes('data: '), chunk, chunk])).rejects.toMatchObject({ code: 'sdk.bad-answer' })
  })

  it('does not hand out an event that was cut off', async () => {
    expect(await read([bytes('data: whole\n\ndata: half\n')])).toEqual(['whole'])
  })
})
