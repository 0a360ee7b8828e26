import { describe, expect, it } from 'vitest'
import { Members, type Member } from './members.ts'

interface Named extends Member {
  name: string
}

function some(count: number): { members: Members<Named>; all: Named[] } {
  const members = new Members<Named>()
  const all = Array.from({ length: count }, (_, n) => ({ name: String(n) }))
  for (const one of all) members.add(one)
  return { members, all }
}

const names = (members: Members<Named>): string => members.list().map(({ name }) => name).join(' ')

describe('members', () => {
  it('are listed in the order they came in, whoever left meanwhile', () => {
    const { members, all } = some(5)
    for (const gone of [2, 0, 4]) expect(members.delete(all[gone]!)).toBe(true)
    members.add(all[0]!)
    expect([names(members), members.size, members.first?.name]).toEqual(['1 3 0', 3, '1'])
  })

  it('are in there once, and gone once', () => {
    const { members, all } = some(2)
    members.add(all[0]!)
    expect([names(members), members.size]).toEqual(['0 1', 2])
    expect([members.delete(all[0]!), members.delete(all[0]!), members.delete({ name: 'nobody' })]).toEqual([true, false, false])
    expect([names(members), members.size]).toEqual(['1', 1])
  })

  it('lead nowhere once they are gone, so that nothing dead keeps anything alive', () => {
    const { members, all } = some(3)
    members.delete(all[1]!)
    expect(all[1]).toEqual({ name: '1', before: null, after: null })
    members.delete(all[0]!)
    members.delete(all[2]!)
    expect([members.size, members.first, members.list()]).toEqual([0, undefined, []])
  })

  it('may leave and come while somebody goes through them', () => {
    const { members, all } = some(4)
    const seen: string[] = []
    for (const one of members.filter(({ name }) => name !== '3')) {
      seen.push(one.name)
      members.delete(all[1]!)
      members.add({ name: 'new' })
    }
    expect(seen).toEqual(['0', '1', '2'])
    expect(names(members)).toBe('0 2 3 new new new')
  })

  it('are what a Set of the same would have, after any comings and goings', () => {
    const { members, all } = some(0)
    const model = new Set<Named>()
    let state = 20_261_122
    const next = (below: number): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) % below
    for (let i = 0; i < 40; i++) all.push({ name: String(i) })
    for (let round = 0; round < 5_000; round++) {
      const one = all[next(all.length)]!
      if (next(2) === 0) {
        members.add(one)
        model.add(one)
      } else expect(members.delete(one)).toBe(model.delete(one))
    }
    expect(members.list()).toEqual([...model])
    expect(members.size).toBe(model.size)
  })
})
