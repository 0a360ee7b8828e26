import { describe, expect, it } from 'vitest'
import { suppress, withoutLine, type Suppression } from './suppression.ts'

const now = Date.UTC(2026, 10, 21, 23, 59)
const finding = { id: 'gateway.bind-loopback', at: 'gateway.bind' }
const accepted = (more: Partial<Suppression> = {}): Suppression => ({ id: finding.id, reason: 'lab', owner: 'ana', expires: '2026-12-31', ...more })

describe('a suppression', () => {
  it('takes a finding out of what counts and keeps it with reason and owner', () => {
    const { counted, suppressed } = suppress([finding], [accepted()], now)
    expect(counted).toEqual([])
    expect(suppressed).toEqual([{ ...finding, suppression: accepted() }])
  })

  it('for one place leaves the others, and follows a line that moved', () => {
    const places = [{ id: 'a.b', at: '/etc/x:12' }, { id: 'a.b', at: '/etc/y:3' }]
    const { counted } = suppress(places, [accepted({ id: 'a.b', at: '/etc/x' })], now)
    expect(counted).toEqual([places[1]])
    expect(withoutLine('gateway.bind')).toBe('gateway.bind')
  })

  it('holds through its last day in UTC, then the finding counts again and that is told', () => {
    expect(suppress([finding], [accepted({ expires: '2026-11-21' })], now).counted).toEqual([])
    const { counted, expired } = suppress([finding], [accepted({ expires: '2026-11-20' })], now)
    expect(counted).toEqual([finding])
    expect(expired).toEqual([accepted({ expires: '2026-11-20' })])
  })

  it('that is for nothing is named, whether the flaw is gone or the place misspelt', () => {
    const { unused, counted } = suppress([finding], [accepted({ at: 'gateway.bnd' })], now)
    expect([unused.length, counted.length]).toEqual([1, 1])
  })
})
