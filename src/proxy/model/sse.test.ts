import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSseSplitter, readEvent, writeEvent } from './sse.ts'

const split = (stream: Buffer, cuts: number[]) => {
  const splitter = createSseSplitter(1_000_000)
  const places = [...new Set(cuts.map((cut) => cut % (stream.length + 1)))].sort((a, b) => a - b)
  const parts = [...places, stream.length].map((to, index) => stream.subarray(places[index - 1] ?? 0, to))
  const events = parts.flatMap((part) => splitter.feed(part))
  return { events, rest: splitter.rest() }
}

describe('the splitter of event streams', () => {
  it('reads names and data, with every line end the standard knows', () => {
    const stream = Buffer.from('event: a\ndata: 1\n\ndata:2\r\ndata: 3\r\n\r\n: note\r\rdata: 4\n\n')
    const { events } = split(stream, [])
    const read = events.map(({ name, data }) => [name, data])
    expect(read).toEqual([['a', '1'], [null, '2\n3'], [null, null], [null, '4']])
  })

  it('gives the same events and the same bytes for any cut', () => {
    const line = fc.constantFrom('data: {"a":"ä€😀"}', 'event: x', ': note', 'data:', 'id: 7')
    const end = fc.constantFrom('\n', '\r\n', '\r')
    const streams = fc.array(fc.tuple(line, end, fc.boolean())).map((rows) =>
      Buffer.from(rows.map(([text, stop, blank]) => text + stop + (blank ? stop : '')).join('')),
    )
    fc.assert(
      fc.property(streams, fc.array(fc.nat(), { maxLength: 20 }), (stream, cuts) => {
        const whole = split(stream, [])
        const parts = split(stream, cuts)
        expect(parts.events).toEqual(whole.events)
        expect(Buffer.concat([...parts.events.map(({ raw }) => raw), parts.rest])).toEqual(stream)
      }),
    )
  })

  it('stops at an event without an end', () => {
    const splitter = createSseSplitter(10)
    expect(() => splitter.feed(Buffer.from('data: 0123456789'))).toThrow('too large')
  })

  it('writes an event anew with its name and line ends', () => {
    const event = readEvent(Buffer.from('event: a\r\ndata: 1\r\ndata: 2\r\nid: 7\r\n\r\n'))
    expect(writeEvent(event, '{}').toString()).toBe('event: a\r\ndata: {}\r\nid: 7\r\n\r\n')
  })
})
