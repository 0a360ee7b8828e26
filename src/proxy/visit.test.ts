import { describe, expect, it } from 'vitest'
import { createIdSource } from './visit.ts'

describe('ids of visits', () => {
  it('are 96 random bits each, none given twice, though many are drawn at once', () => {
    const nextId = createIdSource()
    const ids = Array.from({ length: 5_000 }, nextId)
    expect(new Set(ids).size).toBe(5_000)
    for (const id of ids) expect(id).toMatch(/^[\w-]{16}$/)
  })

  it('are the bytes of the generator, in order', () => {
    let drawn = 0
    const nextId = createIdSource({ bytes: (count) => Buffer.from(Array.from({ length: count }, () => drawn++ & 0xff)) })
    expect([nextId(), nextId()].map((id) => [...Buffer.from(id, 'base64url')].join())).toEqual([
      Array.from({ length: 12 }, (_, n) => n).join(),
      Array.from({ length: 12 }, (_, n) => n + 12).join(),
    ])
  })
})
