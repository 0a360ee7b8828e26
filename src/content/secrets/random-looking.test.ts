import { describe, expect, it } from 'vitest'
import { entropyOf, isPlaceholder, looksGenerated, looksLikePassword } from './random-looking.ts'
import { fill } from './sample.ts'

describe('looksGenerated', () => {
  const generated = [fill(16, 'hex'), fill(20), fill(32, 'lower'), fill(40, 'url')]
  const written = ['my-kubernetes-secret-v2', 'us-east1-gcp-starter', 'getTokenFromRequest2', '1234567890123456']

  it.each(generated)('takes %s for made by a generator', (value) => {
    expect(looksGenerated(value)).toBe(true)
  })

  const account = `0x${fill(40, 'hex')}`

  it.each([...written, 'aaaaaaaaaaaaaaaa1', account])('takes %s for made by a person', (value) => {
    expect(looksGenerated(value)).toBe(false)
  })
})

describe('looksLikePassword', () => {
  it.each(['correct9Horse!', 'Tr0ub4dor&3', 'p@ssw0rd-long'])('accepts %s', (value) => {
    expect(looksLikePassword(value)).toBe(true)
  })

  const names = ['#add-password', '/en/password@3.0', 'AppID:AppSecret', '@proxy-host:1080']

  it.each(['required', 'getpass()', 'config.password', 'sho1!', '${PASSWORD}', ...names])('passes over %s', (value) => {
    expect(looksLikePassword(value)).toBe(false)
  })
})

describe('isPlaceholder', () => {
  const brackets = ['<password>', '{PASS}', '[REDACTED_PASSWORD]', '$TOKEN', '${TOKEN}', '{{ token }}']

  const words = ['your_api_key', 'YourApiKey1', 'my_example_key_1', 'token_goes_here', 'insert-key', 'changeme']

  it.each([...brackets, ...words, 'xxxxxxxx', 'sk-…', '\\$_POST[1]'])('knows %s', (value) => {
    expect(isPlaceholder(value)).toBe(true)
  })

  it('does not take the sample key of Amazon for one: who writes a check of redaction writes that key', () => {
    expect(isPlaceholder(['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCYEXAMPLEKEY'].join('/'))).toBe(false)
  })
})

describe('entropyOf', () => {
  it('is 0 for one letter and 4 for sixteen different ones', () => {
    expect(entropyOf('aaaa')).toBe(0)
    expect(entropyOf('0123456789abcdef')).toBe(4)
  })
})
