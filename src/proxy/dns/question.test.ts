import { decode, encode, type Packet } from 'dns-packet'
import { describe, expect, it } from 'vitest'
import { maxQuestionBytes, readQuestion } from './question.ts'
import { writeBareReply } from './reply.ts'
import { question } from './stage.fixture.ts'

const edns = (options: { code: number; data: Buffer }[], more = {}): Partial<Packet> => ({
  additionals: [{ type: 'OPT', name: '.', udpPayloadSize: 4096, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options, ...more } as never],
})
const rcodeOf = (bytes: Buffer): unknown => {
  const read = readQuestion(bytes)
  return read && 'rcode' in read ? read.rcode : read
}

describe('a packet', () => {
  it('is read as a question with its name in one spelling, and as it was spelled', () => {
    expect(readQuestion(question('API.Example.COM', 'AAAA'))).toMatchObject({ id: 4711, asked: 'API.Example.COM', name: 'api.example.com', type: 'AAAA', class: 'IN', recursionDesired: true, edns: null })
    expect(readQuestion(question('x.example', 'UNKNOWN_65'))).toMatchObject({ type: 'HTTPS' })
  })

  it('with a name that is none, or an address, has no name to judge', () => {
    for (const name of ['.', '127.0.0.1', '0x7f000001', 'a.0x7f', '2130706433', 'sp ace.example', 'bücher.example']) {
      expect(readQuestion(question(name)), name).toMatchObject(name === 'bücher.example' ? { rcode: 'FORMERR' } : { name: null })
    }
  })

  it('whose label holds a dot is refused, for it reads like another name', () => {
    const bytes = question('apixexample.com')
    bytes[12 + 1 + 3] = '.'.charCodeAt(0)
    expect(decode(bytes).questions![0]!.name, 'what the codec makes of it').toBe('api.example.com')
    expect(rcodeOf(bytes)).toBe('FORMERR')
  })

  it('whose name is a pointer is refused', () => {
    const bytes = Buffer.concat([question('a.example').subarray(0, 12), Buffer.from([0xc0, 4, 0, 1, 0, 1])])
    expect(rcodeOf(bytes)).toBe('FORMERR')
  })

  it('that is a response, or no header, gets no answer at all', () => {
    expect(readQuestion(encode({ type: 'response', id: 1, questions: [{ name: 'a.example', type: 'A' }] }))).toBeNull()
    expect(readQuestion(Buffer.alloc(11))).toBeNull()
    expect(readQuestion(Buffer.alloc(0))).toBeNull()
  })

  it('with more than one question, records, or bytes behind its end is malformed', () => {
    const two = { questions: [{ name: 'a.example', type: 'A' as const }, { name: 'b.example', type: 'A' as const }] }
    expect(rcodeOf(question('a.example', 'A', two))).toBe('FORMERR')
    expect(rcodeOf(question('a.example', 'A', { answers: [{ type: 'A', name: 'a.example', data: '1.2.3.4' }] }))).toBe('FORMERR')
    expect(rcodeOf(question('a.example', 'A', { additionals: [{ type: 'A', name: 'a.example', data: '1.2.3.4' }] }))).toBe('FORMERR')
    expect(rcodeOf(Buffer.concat([question('a.example'), Buffer.from([0])]))).toBe('FORMERR')
    expect(rcodeOf(Buffer.concat([question('a.example'), Buffer.alloc(maxQuestionBytes)]))).toBe('FORMERR')
  })

  it('of another kind is answered that we do not do it, in a reply of its own kind', () => {
    const update = question('a.example', 'A', { flags: 5 << 11 })
    expect(rcodeOf(update)).toBe('NOTIMP')
    const reply = writeBareReply(readQuestion(update) as never)
    expect(decode(reply)).toMatchObject({ id: 4711, opcode: 'UPDATE', rcode: 'NOTIMP', flag_qr: true })
    expect(reply.length).toBeLessThanOrEqual(update.length)
  })

  it("may carry a cookie of the lengths there are, and the client's half is read", () => {
    const cookie = Buffer.from('0123456789abcdef')
    expect(readQuestion(question('a.example', 'A', edns([{ code: 10, data: cookie.subarray(0, 8) }])))).toMatchObject({ edns: { payloadBytes: 4096, clientCookie: cookie.subarray(0, 8) } })
    expect(readQuestion(question('a.example', 'A', edns([{ code: 10, data: cookie }])))).toMatchObject({ edns: { clientCookie: cookie.subarray(0, 8) } })
    expect(rcodeOf(question('a.example', 'A', edns([{ code: 10, data: cookie.subarray(0, 9) }])))).toBe('FORMERR')
    expect(rcodeOf(question('a.example', 'A', edns([{ code: 10, data: cookie }, { code: 10, data: cookie }])))).toBe('FORMERR')
  })

  it('that says it can take less than everybody can is given what everybody can', () => {
    expect(readQuestion(question('a.example', 'A', edns([], { udpPayloadSize: 12 })))).toMatchObject({ edns: { payloadBytes: 512 } })
  })

  it('cut or changed anywhere is read, refused or ignored, and nothing is thrown', () => {
    const whole = question('some.name.example', 'A', edns([{ code: 10, data: Buffer.from('01234567') }, { code: 8, data: Buffer.from([0, 1, 24, 0, 1, 2, 3]) }]))
    let state = 20_261_121 // a fixed seed: a failure can be repeated
    const chance = (below: number): number => {
      state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff
      return state % below
    }
    const outcomes = new Set<string>()
    for (let round = 0; round < 30_000; round++) {
      const bytes = Buffer.from(whole.subarray(0, round % 3 === 0 ? chance(whole.length + 1) : whole.length))
      for (let i = chance(6); i > 0 && bytes.length > 0; i--) bytes[chance(bytes.length)] = chance(256)
      const read = readQuestion(bytes)
      outcomes.add(read === null ? 'ignored' : 'rcode' in read ? read.rcode : 'read')
      if (read && 'rcode' in read) expect(writeBareReply(read).length).toBeLessThanOrEqual(bytes.length)
    }
    expect([...outcomes].toSorted()).toEqual(['FORMERR', 'NOTIMP', 'ignored', 'read'])
  })
})
