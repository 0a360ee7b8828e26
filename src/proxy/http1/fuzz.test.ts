import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodeParses } from './node-parser.fixture.ts'
import { cut, latin1, weHear, weRead } from './stage.fixture.ts'

const host = 'Host: a.example\r\n'
const requests = [
  `GET /v1/models HTTP/1.1\r\n${host}\r\n`,
  `POST /v1/chat/completions?x=1 HTTP/1.1\r\n${host}Content-Length: 5\r\nX-Api-Key: k\r\n\r\nhello`,
  `POST /v1/messages HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;a=b\r\n!\r\n0\r\n\r\n`,
  `PUT / HTTP/1.1\r\n${host}transfer-encoding: chunked\r\n\r\nA\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\nGET / HTTP/1.1\r\n${host}\r\n`,
  `POST /a HTTP/1.1\r\n${host}Content-Length: 3\r\nAccept: a\r\nAccept: b\r\n\r\nabcPOST /b HTTP/1.1\r\n${host}Content-Length: 0\r\n\r\n`,
  `POST /a HTTP/1.1\r\n${host}Connection: close\r\nContent-Length: 2\r\n\r\n{}`,
]
const answers = [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x\r\n world\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  'HTTP/1.0 200 OK\r\nServer: old\r\n\r\nto the end',
  'HTTP/1.1 204 No Content\r\n\r\n',
  'HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n',
]

// What attacks on framing are made of.
const nasty = [
  '\r', '\n', '\r\n', '\r\n\r\n', '\n\n', '\0', ' ', '\t', ':', ';', ',', '"', '\\', '0', '1', 'f', '-', '+', '_', '\x7f', '\x85', '\xff',
  '\x0b', 'chunked', ' chunked', 'identity', 'Transfer-Encoding: chunked\r\n', 'Transfer-Encoding : chunked\r\n',
  'Transfer-Encoding:\x0bchunked\r\n', 'Transfer_Encoding: chunked\r\n', 'Content-Length: 0\r\n', 'Content-Length: 5\r\n',
  'Content-Length: +5\r\n', 'Content-Length: 5, 5\r\n', 'Content-Length: 0x5\r\n', 'Host: b\r\n', 'Connection: close\r\n', ' folded\r\n',
  '0\r\n\r\n', '5\r\n', '00', 'ffffffffff', 'HTTP/1.0', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'http://b',
]

interface Edit {
  at: number
  drop: number
  put: string
}

const edit = fc.record({ at: fc.nat(400), drop: fc.integer({ min: 0, max: 12 }), put: fc.constantFrom('', ...nasty) })
const places = fc.array(fc.nat(600), { maxLength: 8 })

function mutate(text: string, edits: readonly Edit[]): string {
  return edits.reduce((left, { at, drop, put }) => {
    const place = at % (left.length + 1)
    return left.slice(0, place) + put + left.slice(place + drop)
  }, text)
}

const mutated = (seeds: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 4 })).map(([seed, edits]) => mutate(seed, edits))

// Under a second each on a quiet machine; more by hand: HTTP1_FUZZ_RUNS=100000.
const numRuns = Number(process.env.HTTP1_FUZZ_RUNS ?? 1_000)

describe('a request', () => {
  it('means the same in whatever segments it arrives, byte by byte included', async () => {
    for (const request of requests) {
      const bytes = latin1(request)
      const { understood, said } = await weHear([bytes])
      expect(understood.length).toBeGreaterThan(0)
      const each = [...bytes].map((byte) => Buffer.of(byte))
      for (const split of [each, ...Array.from(bytes, (_, place) => cut(bytes, [place]))]) {
        expect(await weHear(split)).toMatchObject({ understood, said })
      }
    }
  })

  it('is taken or refused alike however it is cut, when it is malformed too', async () => {
    await fc.assert(
      fc.asyncProperty(mutated(requests), places, async (text, at) => {
        const whole = await weHear([latin1(text)])
        const inParts = await weHear(cut(latin1(text), at))
        expect(inParts.understood).toEqual(whole.understood)
        // What can become no head is told early: a faulty head may be refused before its end has come.
        if (whole.faults.length > 0) expect(inParts.faults.length).toBe(1)
      }),
      { numRuns },
    )
  })

  it('is never taken where Node refuses it, and never ends elsewhere', async () => {
    let taken = 0
    await fc.assert(
      fc.asyncProperty(mutated(requests), places, async (text, at) => {
        const segments = cut(latin1(text), at)
        const { understood } = await weHear(segments)
        const ours = understood.map(({ method, target, headers, body }) => ({ line: `${method} ${target}`, headers, body }))
        expect(ours).toEqual(nodeParses('request', [latin1(text)]).messages.slice(0, ours.length))
        taken += ours.length
      }),
      { numRuns },
    )
    expect(taken).toBeGreaterThan(numRuns / 20) // a hundred or so: the comparison is not about refusals only
  })

  it('of random bytes never throws and never hangs: refused, or waiting for a deadline', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 4 }), async (segments) => {
        const { understood, faults, ended } = await weHear(segments.map((bytes) => Buffer.from(bytes)))
        expect(understood).toEqual([])
        expect(ended).toBe(faults.length > 0)
      }),
      { numRuns },
    )
  })
})

describe('an answer', () => {
  it('means the same in whatever segments it arrives, byte by byte included', () => {
    for (const answer of answers) {
      const bytes = latin1(answer)
      const whole = weRead([bytes], 'GET', true)
      expect(whole.outcome).toBe('end')
      expect(weRead([...bytes].map((byte) => Buffer.of(byte)), 'GET', true)).toEqual(whole)
      for (let place = 1; place < bytes.length; place++) expect(weRead(cut(bytes, [place]), 'GET', true)).toEqual(whole)
    }
  })

  it('is never taken where Node refuses it, and never ends elsewhere', () => {
    let taken = 0
    fc.assert(
      fc.property(mutated(answers), places, (text, at) => {
        const { status, headers, body, outcome } = weRead(cut(latin1(text), at), 'GET', true)
        if (outcome !== 'end') return
        const final = nodeParses('response', [latin1(text)], true).messages.find(({ line }) => !line.startsWith('1'))
        expect({ line: String(status), headers, body }).toEqual(final)
        taken++
      }),
      { numRuns },
    )
    expect(taken).toBeGreaterThan(numRuns / 20)
  })

  it('of random bytes never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 4 }), (segments) => {
        expect(weRead(segments.map((bytes) => Buffer.from(bytes)), 'GET', true).outcome).not.toBe('end')
      }),
      { numRuns },
    )
  })
})
