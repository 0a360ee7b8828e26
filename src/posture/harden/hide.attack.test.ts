import { expect, it } from 'vitest'
import { hideSecrets } from './hide.ts'

it.each(['maxTokens: 4096', 'tokensPerRequest: 900', 'contextTokens: 8', 'tokenTtlMs: 60000', 'max_tokens: 12', 'passwordAttempts: 3', 'token: true', 'tokens: 4000', 'passwordMinLength: 12'])('a limit is what the change is about and is shown: %s', (setting) => {
  expect(hideSecrets('openclaw.json', `{ ${setting} }`)).toBe(`{ ${setting} }`)
  expect(hideSecrets('config.yaml', `${setting}\n`)).toBe(`${setting}\n`)
})

it.each(['password: 123456', 'token: 90210', 'apiKey: 42', 'gatewaySecret: 7777', 'tokenSalt: 5', 'mytoken: 1'])('a number that is the secret is not: %s', (setting) => {
  const value = setting.split(': ')[1]!
  expect(hideSecrets('openclaw.json', `{ ${setting} }`)).not.toContain(value)
  expect(hideSecrets('config.yaml', `${setting}\n`)).not.toContain(value)
})

it.each(["{ maxTokens: 'abcdefgh' }", '{ tokens: [123456] }'])('only a bare number passes for a limit: %s', (text) => {
  expect(hideSecrets('openclaw.json', text)).toMatch(/\[redacted]/)
})

it('password is a word of PAM in the files of PAM only', () => {
  expect(hideSecrets('/etc/pam.d/sshd', 'password required pam_unix.so\n')).toBe('password required pam_unix.so\n')
  expect(hideSecrets('/etc/app.yaml', 'password: hunter-of-whales\n')).toBe('password: [redacted]\n')
})
