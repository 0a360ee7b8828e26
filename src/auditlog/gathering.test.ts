import { describe, expect, it } from 'vitest'
import { Gathering } from './gathering.ts'

describe('lines that gather before a sync', () => {
  it('are not waited for where the last sync carried few', () => {
    const gathering = new Gathering()
    expect(gathering.goesOn(10), 'the first ever').toBe(false)
    gathering.begin(3)
    expect(gathering.goesOn(10)).toBe(false)
  })

  it('are waited for as long as each turn brings more', () => {
    const gathering = new Gathering()
    gathering.begin(20)
    expect([gathering.goesOn(5), gathering.goesOn(9), gathering.goesOn(9)]).toEqual([true, true, false])
  })

  it('that came while a sync was under way do not wait for more', () => {
    const gathering = new Gathering()
    gathering.begin(20)
    gathering.see(7)
    expect(gathering.goesOn(7)).toBe(false)
    expect(gathering.goesOn(9), 'those of the last turn do').toBe(true)
  })

  it('are waited for four turns at most, also when they never end', () => {
    const gathering = new Gathering()
    gathering.begin(20)
    const turns = [1, 2, 3, 4, 5].map((lines) => gathering.goesOn(lines))
    expect(turns).toEqual([true, true, true, true, false])
    gathering.begin(5)
    expect(gathering.goesOn(1), 'the next sync has turns of its own').toBe(true)
  })
})
