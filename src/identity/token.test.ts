import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inspect } from 'node:util'
import { Secret } from '../base/index.ts'
import { bearerOf, createTokenBook, digestToken, generateToken, isOurToken } from './index.ts'

const fixed = { bytes: (count: number) => Buffer.alloc(count, 7) }

describe('generateToken', () => {
  it('makes a prefixed token of 256 random bits with a checksum, and prints none of it', () => {
    const token = generateToken('vk')
    expect(token.reveal()).toMatch(/^hs_vk_[\w-]{49}$/)
    expect(`${token} ${JSON.stringify({ token })} ${inspect(token)}`).not.toContain(token.reveal().slice(6))
    expect(generateToken('tok').reveal()).toMatch(/^hs_tok_/)
    expect(generateToken('vk').reveal()).not.toBe(token.reveal())
  })

  it('draws exactly what it is given', () => {
    expect(generateToken('tok', fixed).reveal().slice(0, -6)).toBe(
      `hs_tok_${Buffer.alloc(32, 7).toString('base64url')}`,
    )
  })
})

describe('isOurToken', () => {
  it('knows every token we make', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        expect(isOurToken(generateToken('tok', { bytes: () => Buffer.from(bytes) }).reveal())).toBe(true)
      }),
    )
  })

  it('knows a look-alike: one character changed anywhere breaks the checksum', () => {
    const token = generateToken('vk', fixed).reveal()
    for (let i = 6; i < token.length; i++) {
      const other = token[i] === 'x' ? 'y' : 'x'
      expect(isOurToken(token.slice(0, i) + other + token.slice(i + 1))).toBe(false)
    }
    for (const text of [
      '',
      'hs_vk_',
      token.slice(1),
      `${token} `,
      `${token}\n`,
      token.replace('hs_vk', 'hs_tk'),
      token + token,
    ]) {
      expect(isOurToken(text)).toBe(false)
    }
  })
})

describe('the token book', () => {
  const operator = generateToken('tok')
  const machine = generateToken('tok')
  const book = createTokenBook([
    { name: 'operator', permissions: ['read', 'write'], sha256: digestToken(operator) },
    { name: 'ci', permissions: ['read'], sha256: `sha256:${digestToken(machine).toUpperCase()}` },
  ])

  it('tells who is asking, never what they presented', () => {
    expect(book.authenticate(operator.reveal())).toEqual({ name: 'operator', permissions: ['read', 'write'] })
    expect(book.authenticate(machine.reveal())).toEqual({ name: 'ci', permissions: ['read'] })
  })

  it('turns away nothing, parts, neighbours, the digest itself and what is too long', () => {
    const token = operator.reveal()
    for (const presented of [
      null,
      undefined,
      '',
      token.slice(0, -1),
      `${token} `,
      digestToken(operator),
      'x'.repeat(2_000),
      generateToken('tok').reveal(),
    ]) {
      expect(book.authenticate(presented)).toBeNull()
    }
  })

  it('hands out rights that nobody can add to', () => {
    const who = book.authenticate(machine.reveal())!
    expect(() => (who.permissions as string[]).push('write')).toThrow(TypeError)
  })

  it('refuses an entry without a digest, and does not print what stands there instead', () => {
    const slip = ['hs_tok', 'pasted-by-mistake'].join('_')
    try {
      createTokenBook([{ name: 'ops', permissions: [], sha256: slip }])
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({
        code: 'identity.bad-token-entry',
        message: 'token ops has no SHA-256 digest of 64 hex digits',
      })
      expect(inspect(error)).not.toContain(slip)
    }
  })

  it('refuses two names for one token', () => {
    const sha256 = digestToken(new Secret('shared'))
    expect(() =>
      createTokenBook([
        { name: 'a', permissions: [], sha256 },
        { name: 'b', permissions: [], sha256 },
      ]),
    ).toThrowError(/token b is the same token as a/)
  })
})

describe('bearerOf', () => {
  it.each([
    [{ authorization: 'Bearer abc' }, 'abc'],
    [{ authorization: 'bearer  abc ' }, 'abc'],
    [{ 'x-api-key': 'abc' }, 'abc'],
    [{ authorization: 'Bearer abc', 'x-api-key': 'abc' }, 'abc'],
    [{ authorization: ['Basic', 'dXNlcg=='].join(' '), 'x-api-key': 'abc' }, 'abc'],
  ])('reads %j', (headers, token) => {
    expect(bearerOf(headers)).toBe(token)
  })

  it.each([
    [{}],
    [{ authorization: 'Bearer' }],
    [{ authorization: 'Bearer a b' }],
    [{ authorization: 'Bearer a,Bearer b' }],
    [{ authorization: 'Basic abc' }],
    [{ 'x-api-key': '  ' }],
    [{ 'x-api-key': ['a', 'b'] }],
    [{ authorization: 'Bearer abc', 'x-api-key': 'def' }],
    [{ ':path': '/?token=abc', referer: 'http://h/?access_token=abc' }],
  ])('finds nothing to trust in %j', (headers) => {
    expect(bearerOf(headers)).toBeNull()
  })
})
