import { describe, expect, it } from 'vitest'
import { checkDigitsFit } from './check-digits.ts'
import { strengthOf } from './strength.ts'

// Public examples: the tests of detect-secrets (Apache-2.0) and the snapshots of secretlint (MIT). In two halves, so that
// no scanner stops at this file.
const github = ['ghp_wWPw5k4aXcaT4fNP0UcnZ', 'wJUVFk6LO0pINUx'].join('')
const npm = ['npm_qkJaB6MffYVzZXWqmcoF4', '9yrUxP3wf0LsakP'].join('')

describe('check digits', () => {
  it.each([github, npm])('of a token that was really made fit', (token) => {
    expect(checkDigitsFit(token)).toBe(true)
    expect(strengthOf(token).verdict).toBe('strong')
  })

  it.each([github, npm])('show a token with any letter changed, swapped or left out', (token) => {
    for (let at = 4; at < token.length; at++) {
      const other = token[at] === 'x' ? 'y' : 'x'
      expect(checkDigitsFit(token.slice(0, at) + other + token.slice(at + 1))).toBe(false)
    }
    const mistyped = `${token.slice(0, 9)}Q${token.slice(10)}`
    expect(strengthOf(mistyped)).toMatchObject({ verdict: 'placeholder', why: expect.stringContaining('check digits') })
    expect(JSON.stringify(strengthOf(mistyped))).not.toContain(mistyped.slice(4, 12))
  })

  it.each(['', github.slice(0, -1), `${github}A`, `x${github}`, ['github', 'pat', 'x'.repeat(36)].join('_'), 'a'.repeat(40)])(
    'are not looked for in %j',
    (value) => expect(checkDigitsFit(value)).toBeNull(),
  )
})
