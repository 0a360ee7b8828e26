import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findSecrets, pendingSecretLength, redactSecrets, secretPatterns } from './find.ts'
import { marks } from './pattern.ts'
import { fill } from './sample.ts'

const bare = (example: string): string => example.replace(marks.open, '').replace(marks.close, '')

describe('redactSecrets', () => {
  it('keeps the labels of the hardening guide for the three shapes it names', () => {
    const text = `a sk-${fill(32)} b AKIA${fill(16, 'upper')} c ghp_${fill(36)} d`
    expect(redactSecrets(text)).toBe('a [REDACTED_API_KEY] b [REDACTED_AWS_KEY] c [REDACTED_GH_TOKEN] d')
  })

  it('redacts what the three expressions of the guide redact, even of one letter', () => {
    expect(redactSecrets(`sk-${'a'.repeat(48)}`)).toBe('[REDACTED_API_KEY]')
    expect(redactSecrets(`ghp_${'x'.repeat(36)}`)).toBe('[REDACTED_GH_TOKEN]')
    expect(redactSecrets(`AKIA${'A'.repeat(16)}`)).toBe('[REDACTED_AWS_KEY]')
  })

  it('leaves prose, hashes and identifiers alone', () => {
    const hashes = `commit ${fill(40, 'hex')} sha512-${fill(86, 'base64')}== in task-${fill(8, 'hex')}`
    const text = `${hashes}, see https://example.org/a:b@c and ask for the password`
    expect(redactSecrets(text)).toBe(text)
  })

  it('leaves alone what is public though its name says key, token or secret', () => {
    const lines = [
      `X-Payment-Token: 0x${fill(40, 'hex')}`, // the contract of a currency
      `Sec-WebSocket-Key: ${fill(22, 'base64')}==`, // RFC 6455: chosen anew for each handshake
      'arn:aws:secretsmanager:us-west-2:123456789012:secret:MySecret-a1b2c3',
      `token_hash = "${fill(64, 'hex')}"`,
      `send-token ${fill(44)}`, // a command and an address
      'channels add --token "AppID:AppSecret"',
      `AIzaSyAnLA7NfeLq${'uW1tJFpx_eQCxoX-oo6YyIs'}`, // Firebase's own sample
    ]
    expect(redactSecrets(lines.join('\n'))).toBe(lines.join('\n'))
  })

  it('takes a label it wrote for no name of what follows', () => {
    const text = '[REDACTED_URL_PASSWORD]:x-oauth-basic@github.com/a/b'
    expect(redactSecrets(text)).toBe(text)
  })

  it('takes the password out of a URL and leaves the rest readable', () => {
    expect(redactSecrets('postgres://app:hunter2@db.internal:5432/app')).toBe(
      'postgres://app:[REDACTED_DATABASE_PASSWORD]@db.internal:5432/app',
    )
  })

  it('changes nothing the second time', () => {
    const secrets = fc.constantFrom(...secretPatterns.flatMap(({ examples }) => examples.found.map(bare)))
    const parts = fc.array(fc.oneof(secrets, fc.lorem({ maxCount: 5 })), { maxLength: 6 })
    fc.assert(
      fc.property(parts, (texts) => {
        const once = redactSecrets(texts.join('\n'))
        expect(redactSecrets(once)).toBe(once)
      }),
    )
  })
})

describe('findSecrets', () => {
  it('counts in UTF-16 units', () => {
    expect(findSecrets(`😀 AKIA${fill(16, 'upper')}`)).toEqual([{ type: 'aws-access-key-id', start: 3, end: 23 }])
  })

  it('names a secret by its vendor although the word beside it would do', () => {
    const [found] = findSecrets(`api_key = "gsk_${fill(52)}"`)
    expect(found).toEqual({ type: 'groq-api-key', start: 11, end: 67 })
  })

  it('covers two secrets without a gap between them', () => {
    const first = `ghp_${fill(36)}`
    const second = `AKIA${fill(16, 'upper')}`
    const [one, two] = findSecrets(`${first}-${second}`)
    expect(one).toMatchObject({ type: 'github-token', end: 40 })
    expect(two).toMatchObject({ type: 'aws-access-key-id', start: 41 })
  })

  it('sees a secret that begins where another one ends', () => {
    const stuck = `AKIA${fill(16, 'upper')}sk-${fill(40)}`
    expect(redactSecrets(stuck)).toBe('[REDACTED_AWS_KEY][REDACTED_API_KEY]')
  })

  it('takes all of a token that is longer than the shape asks for', () => {
    const token = `${['eyJhbGciOiJIUzI1NiIs', 'InR5cCI6IkpXVCJ9'].join('')}.eyJ${fill(9000, 'url')}.${fill(400, 'url')}`
    expect(findSecrets(`x ${token} y`)).toEqual([{ type: 'jwt', start: 2, end: 2 + token.length }])
  })

  it('returns sorted findings that do not overlap, whatever the text', () => {
    const pieces = secretPatterns.flatMap(({ keywords, examples }) => [...keywords, ...examples.found.map(bare)])
    const text = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 })), { maxLength: 8 })
    fc.assert(
      fc.property(text, (parts) => {
        const whole = parts.join('')
        const found = findSecrets(whole)
        for (const [i, { start, end }] of found.entries()) {
          expect(start).toBeGreaterThanOrEqual(found[i - 1]?.end ?? 0)
          expect(end).toBeGreaterThan(start)
          expect(end).toBeLessThanOrEqual(whole.length)
        }
      }),
    )
  })
})

describe('pendingSecretLength', () => {
  it('is 0 where no secret can have begun', () => {
    expect(pendingSecretLength('')).toBe(0)
    expect(pendingSecretLength('All is well. ')).toBe(0)
  })

  it('counts from where the secret may have begun', () => {
    expect(pendingSecretLength('key ghp_abc')).toBe(7)
    expect(pendingSecretLength('call 123456789:A')).toBe(11)
  })

  it('ends when the secret has', () => {
    expect(pendingSecretLength(`AKIA${fill(16, 'upper')}, `)).toBe(0)
  })

  it('stays within 512 units, and within 16 KiB inside a private key', () => {
    expect(pendingSecretLength(`password = ${'x'.repeat(5000)}`)).toBeLessThanOrEqual(512)
    const key = ['-----BEGIN RSA', 'PRIVATE KEY-----\n'].join(' ')
    expect(pendingSecretLength(key + fill(4000, 'base64'))).toBe(key.length + 4000)
    expect(pendingSecretLength(key + fill(40_000, 'base64'))).toBeLessThanOrEqual(16_384)
  })
})
