import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesName } from './name-glob.ts'

describe('a pattern of names', () => {
  it.each([
    ['*.conf', 'a.conf', true], ['*.conf', '.conf', false], ['.*', '.a', true], ['*', 'a', true], ['?-[0-9]*.conf', 'a-1x.conf', true], ['[!a]x', 'ax', false], ['[!a]x', 'bx', true],
    ['a*b*c', 'axxbxxc', true], ['a*b*c', 'axxcxxb', false], ['a.b', 'axb', false], ['[', '[', true], ['', '', true],
  ])('%s and %s: %s', (pattern, name, same) => {
    expect(matchesName(pattern, name)).toBe(same)
  })

  it('matches itself where it holds nothing special', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-z.+(){}^$|\\]{0,8}$/), fc.constantFrom('', 'x'), (name, more) => {
      expect(matchesName(name, name + more)).toBe(more === '')
    }))
  })
})

it('takes no longer for a pattern that wants to be tried in every way', () => {
  // Tried letter by letter in every way this would take longer than anybody lives.
  expect(matchesName(`${'*a'.repeat(60)}b`, 'a'.repeat(200))).toBe(false)
  expect(matchesName(`${'*'.repeat(100)}b`, `${'a'.repeat(200)}b`)).toBe(true)
})
