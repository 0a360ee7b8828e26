import { describe, expect, it } from 'vitest'
import { createGate, sentenceOf, type Arrival, type Held } from './gate.ts'

const start = Date.parse('2026-11-22T07:00:00Z')
const minutes = (count: number): number => start + count * 60_000
const arrival = (more: Partial<Arrival> = {}): Arrival => ({ severity: 'warning', rule: 'a.rule', group: 'one', text: () => 'it happened', ...more })
const many = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

describe('what is the same', () => {
  it('is sent once, and told with its count when the time is over', () => {
    const gate = createGate([])
    expect(many(100).filter((i) => gate.admit(arrival(), start + i))).toEqual([0])
    expect(gate.due(minutes(4))).toEqual([])
    const [told, ...more] = gate.due(minutes(6))
    expect(more).toEqual([])
    expect(sentenceOf(told!)).toBe('99 more of the same within 5 minutes: it happened')
    expect(gate.due(minutes(12))).toEqual([])
    expect(gate.admit(arrival(), minutes(12))).toBe(true)
  })

  it('is another thing for another rule or subject', () => {
    const gate = createGate([])
    expect(['one', 'two', 'three'].map((group) => gate.admit(arrival({ group }), start))).toEqual([true, true, true])
  })

  it('is told of after a crash: what was counted is kept', () => {
    const gate = createGate([])
    const kept = new Map<string, Held | null>()
    const keep = (from: typeof gate): void => {
      for (const [key, held] of structuredClone(from.changes())) kept.set(key, held)
    }
    for (const i of many(3)) gate.admit(arrival(), start + i)
    keep(gate)
    const next = createGate([...kept.values()].filter((held) => held !== null))
    expect(next.admit(arrival(), start + 10)).toBe(false)
    expect(next.due(minutes(6)).map(sentenceOf)).toEqual(['3 more of the same within 5 minutes: it happened'])
    keep(next)
    expect([...kept.values()]).toEqual([null])
  })

  it('is not kept back for years by a clock that was set back', () => {
    const gate = createGate([])
    gate.admit(arrival(), start)
    expect(gate.admit(arrival(), minutes(-60 * 24 * 365))).toBe(true)
  })
})

describe('a flood', () => {
  it('of one rule becomes five messages and a number that names it', () => {
    const gate = createGate([])
    const sent = many(1000).filter((i) => gate.admit(arrival({ group: `host-${i}` }), start + i))
    expect(sent).toHaveLength(5)
    expect(gate.due(minutes(1)).map(sentenceOf)).toEqual(['995 more within a minute were not sent one by one: a.rule 995×; run: hardshell audit search --type alert --last 1h'])
  })

  it('of one rule keeps no other rule back, and one of warnings no critical alert', () => {
    const gate = createGate([])
    for (const i of many(1000)) gate.admit(arrival({ group: `a-${i}` }), start)
    expect(gate.admit(arrival({ rule: 'b.rule', group: 'b' }), start)).toBe(true)
    for (const i of many(1000)) gate.admit(arrival({ rule: `rule-${i}`, group: `b-${i}` }), start)
    expect(gate.admit(arrival({ rule: 'c.rule', group: 'c' }), start)).toBe(false)
    expect(gate.admit(arrival({ rule: 'c.rule', group: 'c', severity: 'critical' }), start)).toBe(true)
  })

  it('of many rules is at most twenty messages a minute, and a sentence of bounded length', () => {
    const gate = createGate([])
    expect(many(500).filter((i) => gate.admit(arrival({ rule: `rule-${i}`, group: `g-${i}` }), start))).toHaveLength(20)
    const [flood] = gate.due(minutes(1))
    expect(sentenceOf(flood!)).toContain('480 more within a minute')
    expect(sentenceOf(flood!)).toContain('others 460×')
    expect(gate.admit(arrival({ rule: 'rule-900', group: 'later' }), minutes(2))).toBe(true)
  })

  it('is not remembered by whom it was about without end', () => {
    const gate = createGate([])
    for (const minute of many(600)) for (const i of many(20)) gate.admit(arrival({ rule: `r${i}`, group: `${minute}-${i}` }), minutes(minute))
    expect(gate.changes().size).toBeLessThanOrEqual(2001)
  })
})
