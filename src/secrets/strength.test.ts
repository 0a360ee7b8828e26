import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { strengthOf } from './strength.ts'

describe('strengthOf', () => {
  it.each([
    'changeme', 'your-api-key', 'YOUR_API_KEY_HERE', '<token>', '${TOKEN}', 'xxxxxxxx', ['sk', 'ant', 'abc123'].join('-'),
    ['sk', 'xxxxxxxxxxxxxxxxxxxx'].join('-'), 'test', 'password1', 'secret', 'openclaw', '***', 'REPLACE_ME', 'example-token',
  ])('knows %s for a placeholder', (value) => {
    expect(strengthOf(value).verdict).toBe('placeholder')
  })

  it.each(['hunter', 'correcthorse', '1234567890123456789012345678901234567890', 'a'.repeat(64), 'abc'.repeat(30), 'abcdefghijklmnopqrstuvwxyz0123456789', '2026-11-21'])(
    'calls %s weak, however long',
    (value) => {
      const { verdict, bits, why } = strengthOf(value)
      expect(verdict).toBe('weak')
      expect(bits).toBeLessThan(80)
      expect(why).not.toBeNull()
    },
  )

  it('calls what a generator made strong, in every common spelling', () => {
    for (let round = 0; round < 200; round++) {
      const bytes = randomBytes(32)
      for (const spelling of ['hex', 'base64', 'base64url'] as const) expect(strengthOf(bytes.toString(spelling)).verdict).toBe('strong')
      expect(strengthOf(bytes.subarray(0, 16).toString('hex')).verdict).toBe('strong')
    }
  })

  it('quotes nothing', () => {
    expect(JSON.stringify(strengthOf('short-and-mine'))).not.toContain('mine')
  })
})
