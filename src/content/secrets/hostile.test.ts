import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest'
import { redactSecrets, secretPatterns } from './find.ts'
import { marks } from './pattern.ts'
import { secretsPossible } from './possible.ts'
import { fill } from './sample.ts'
import { createStreamRedactor } from './stream.ts'

const mebibyte = 1_048_576
const begin = ['-----BEGIN RSA', 'PRIVATE KEY-----\n'].join(' ')

const repeat = (text: string): string => text.repeat(Math.ceil(mebibyte / text.length)).slice(0, mebibyte)
const bare = (example: string): string => example.replace(marks.open, '').replace(marks.close, '')

// Repeated keywords, openings in openings, tails without an end, and what nearly matches again and again.
const hostile: readonly (readonly [string, string])[] = [
  ['every keyword there is', repeat(secretPatterns.flatMap(({ keywords }) => keywords).join(' '))],
  ['every keyword, glued together', repeat(secretPatterns.flatMap(({ keywords }) => keywords).join(''))],
  ['every example, glued together',
    repeat(secretPatterns.flatMap(({ examples }) => examples.found.map(bare)).join(''))],
  ['passwords in passwords', repeat('{"password":"{"password":')],
  ['assignments without values', repeat('token = secret : api_key => ')],
  ['names without assignments', repeat(`token${'_'.repeat(39)} a b `)],
  ['commands that go on and on', repeat('curl \\\n')],
  ['addresses without hosts', repeat('://a:')],
  ['private keys in private keys', repeat(begin)],
  ['a private key without an end', begin + repeat(fill(64, 'base64'))],
  ['a PuTTY key without line ends', `Private-Lines: 9\n${repeat(fill(64))}`],
  ['a token without an end', `ghp_${repeat(fill(64))}`],
  ['web tokens in a row', repeat(`${['eyJhbGciOiJIUzI1NiIs', 'InR5cCI6IkpXVCJ9'].join('')}.eyJ`)],
  ['digits before a colon', repeat('123456789012:A')],
  ['hexadecimal digits before a data center', repeat(`${fill(32, 'hex')}-us`)],
  ['sentences about passwords', repeat('password is "')],
  ['sentences about keys', repeat('secret key token is ')],
  ['pairs of a connection string', repeat('user id=a;b=c;d=e;')],
  ['elements of XML', repeat('<secret a="b">c d ')],
  ['one letter', repeat('a')],
  ['dashes', repeat('-')],
]

/**
 * What expressions are asked to do: one for each try, and every unit they took. Reading the text itself is one pass;
 * this is what could grow with the square of it.
 */
let work = 0
let exec: MockInstance<RegExp['exec']>

beforeEach(() => {
  work = 0
  const original = RegExp.prototype.exec
  exec = vi.spyOn(RegExp.prototype, 'exec').mockImplementation(function (this: RegExp, text: string) {
    const match = original.call(this, text)
    work += 1 + (match?.[0].length ?? 0)
    return match
  })
})

afterEach(() => {
  exec.mockRestore()
})

describe.each(hostile)('a mebibyte of %s', (_, text) => {
  it('is read with work in proportion to its length', () => {
    expect(redactSecrets(text).length).toBeGreaterThan(0)
    expect(work / text.length).toBeLessThan(16)
  })

  it('costs a stream work in proportion, too', () => {
    const short = text.slice(0, 32_768)
    const redactor = createStreamRedactor()
    for (let at = 0; at < short.length; at += 256) redactor.push(short.slice(at, at + 256))
    redactor.end()
    expect(work / short.length).toBeLessThan(80)
  })

  it('is answered by the quick look with less', () => {
    expect([true, false]).toContain(secretsPossible(new TextEncoder().encode(text)))
    expect(work / text.length).toBeLessThan(2)
  })
})
