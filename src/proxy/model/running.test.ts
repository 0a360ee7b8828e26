import { describe, expect, it } from 'vitest'
import { Running, type Placed } from './running.ts'

const named = (name: string): Placed & { name: string } => ({ name, place: 0 })

describe('what is under way', () => {
  it('holds what was added and not deleted, whatever the order', () => {
    const running = new Running<Placed & { name: string }>()
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(named) as [Placed & { name: string }, ...(Placed & { name: string })[]]
    for (const one of [a, b!, c!, d!]) running.add(one)
    running.delete(a)
    running.delete(d!)
    expect(running.list().map(({ name }) => name).sort()).toEqual(['b', 'c'])
    running.add(a)
    running.delete(c!)
    expect(running.list().map(({ name }) => name).sort()).toEqual(['a', 'b'])
    expect(running.size).toBe(2)
  })

  it('takes what was deleted before, or never added, for not there', () => {
    const running = new Running<Placed & { name: string }>()
    const [a, b] = [named('a'), named('b')]
    running.add(a)
    running.delete(b) // its place is that of `a`
    expect(running.list()).toEqual([a])
    running.delete(a)
    running.delete(a)
    expect(running.size).toBe(0)
  })

  it('may be emptied while it is walked through', () => {
    const running = new Running<Placed & { name: string }>()
    for (const name of ['a', 'b', 'c']) running.add(named(name))
    const seen = running.list().map((one) => {
      running.delete(one)
      return one.name
    })
    expect(seen).toEqual(['a', 'b', 'c'])
    expect(running.size).toBe(0)
  })
})
