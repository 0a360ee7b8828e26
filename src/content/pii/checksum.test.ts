import { describe, expect, it } from 'vitest'
import { isDay, luhn, mod11and10, remainder, verhoeff } from './checksum.ts'
import { sha256 } from './sha256.ts'
import { isBase58Check, isBech32 } from './wallet.ts'

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

/** The number with its digit at `at` one higher. */
const changed = (number: string, at: number): string =>
  number.slice(0, at) + String((Number(number[at]) + 1) % 10) + number.slice(at + 1)

describe('check digits', () => {
  it.each([
    ['Luhn, ISO/IEC 7812-1', luhn, '79927398713'],
    ['Luhn of a test card', luhn, '4111111111111111'],
    ['MOD 11,10, ISO/IEC 7064', mod11and10, '07945'],
    ['MOD 11,10 of a published tax number', mod11and10, '86095742719'],
    ['Verhoeff, the example of 1969', verhoeff, '2363'],
    ['Verhoeff of a longer number', verhoeff, '123456789010'],
  ] as const)('%s: right as published, wrong with any digit changed', (_, check, number) => {
    expect(check(number)).toBe(true)
    for (let at = 0; at < number.length; at++) expect(check(changed(number, at))).toBe(false)
  })

  it('computes remainders of numbers that no number type holds', () => {
    // ISO 13616, the British example with its first four moved behind.
    expect(remainder('WEST12345698765432GB82', 97)).toBe(1)
    expect(remainder('WEST12345698765432GB83', 97)).not.toBe(1)
  })

  it('knows which days there are', () => {
    expect([isDay(2024, 2, 29), isDay(2023, 2, 29), isDay(1900, 2, 29), isDay(2000, 2, 29)]).toEqual([true, false, false, true])
    expect([isDay(70, 2, 29), isDay(70, 13, 1), isDay(70, 4, 31), isDay(70, 0, 1), isDay(70, 1, 0)]).toEqual([true, false, false, false, false])
  })
})

describe('sha256', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('gives the digest FIPS 180-4 prints for %j', (text, digest) => {
    expect(hexOf(sha256(ascii(text)))).toBe(digest)
  })
})

describe('addresses of wallets', () => {
  it('reads the first ever, and a test vector of BIP 350', () => {
    expect(isBase58Check('1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa')).toBe(true)
    expect(isBech32('bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0')).toBe(true)
  })

  it('refuses one with two letters exchanged, or with mixed case', () => {
    expect(isBase58Check('1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfaN')).toBe(false)
    expect(isBech32('BC1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4')).toBe(false)
  })
})
