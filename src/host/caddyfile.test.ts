import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCaddyfile } from './caddyfile.ts'

describe('a Caddyfile', () => {
  it('has blocks, quotes and placeholders', () => {
    expect(parseCaddyfile('{\n  email a@b.c # me\n}\nx.example, www.x.example {\n  reverse_proxy 127.0.0.1:1 {\n    header_up Host {host}\n  }\n  respond "a { b"\n}\n')).toEqual([
      { words: [], line: 1, children: [{ words: ['email', 'a@b.c'], line: 2, children: [] }] },
      { words: ['x.example,', 'www.x.example'], line: 4, children: [
        { words: ['reverse_proxy', '127.0.0.1:1'], line: 5, children: [{ words: ['header_up', 'Host', '{host}'], line: 6, children: [] }] },
        { words: ['respond', 'a { b'], line: 8, children: [] },
      ] },
    ])
  })

  it('is read however broken it is', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '{', '}', '"', '#', '\n', '`') }), (text) => {
      expect(Array.isArray(parseCaddyfile(text))).toBe(true)
    }))
  })
})
