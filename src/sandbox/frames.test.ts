import { describe, expect, it } from 'vitest'
import { frame, frameReader, maxFrameBytes } from './frames.ts'

describe('frames', () => {
  it('come out whole however the stream was cut', () => {
    const sent = [frame('H', Buffer.from('hello')), frame('I', Buffer.from([0, 255, 10])), frame('E')]
    const stream = Buffer.concat(sent)
    for (let size = 1; size <= stream.length; size++) {
      const read = frameReader()
      const found = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) => read(stream.subarray(i * size, (i + 1) * size)) ?? []).flat()
      expect(found.map(({ type, payload }) => [type, payload.toString('hex')])).toEqual([['H', '68656c6c6f'], ['I', '00ff0a'], ['E', '']])
    }
  })

  it('that claim to be larger than any of ours end the conversation, without being waited for', () => {
    const head = Buffer.from([0x49, 0, 0, 0, 0])
    head.writeUInt32BE(maxFrameBytes + 1, 1)
    const read = frameReader()
    expect(read(head)).toBeNull()
    expect(read(frame('E'))).toBeNull()
  })
})
