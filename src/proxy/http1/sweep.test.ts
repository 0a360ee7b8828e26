import { afterEach, describe, expect, it, vi } from 'vitest'
import { Sweep } from './sweep.ts'

afterEach(() => {
  vi.useRealTimers()
})

function stage(): { sweep: Sweep; pass(ms: number): void; freeze(ms: number): void } {
  vi.useFakeTimers()
  let nowMs = 1_000_000
  const sweep = new Sweep({ now: () => 0, monotonicMs: () => nowMs })
  return {
    sweep,
    pass(ms) {
      for (let i = 0; i < ms; i++) {
        nowMs++
        vi.advanceTimersByTime(1)
      }
    },
    freeze(ms) {
      nowMs += ms
    },
  }
}

function member(sweep: Sweep, timeoutMs: number): { deadlineAt: number; expired: number; expire(): void } {
  const one = {
    deadlineAt: Infinity,
    expired: 0,
    expire() {
      this.expired++
      this.deadlineAt = Infinity
    },
  }
  sweep.add(one)
  one.deadlineAt = sweep.after(timeoutMs)
  return one
}

describe('a deadline', () => {
  it.each([20, 1_000, 15_000])('of %i ms is never early and passes once', (timeoutMs) => {
    const { sweep, pass } = stage()
    const one = member(sweep, timeoutMs)
    pass(timeoutMs)
    expect(one.expired).toBe(0)
    pass(timeoutMs + 2_000)
    expect(one.expired).toBe(1)
  })

  it('that was moved counts from there', () => {
    const { sweep, pass } = stage()
    const one = member(sweep, 10_000)
    pass(9_000)
    one.deadlineAt = sweep.after(10_000)
    pass(9_900)
    expect(one.expired).toBe(0)
    pass(2_200)
    expect(one.expired).toBe(1)
  })

  it('set after a rest of hours counts from now', () => {
    const { sweep, pass, freeze } = stage()
    sweep.delete(member(sweep, 1_000))
    freeze(7_200_000)
    const one = member(sweep, 5_000)
    pass(4_900)
    expect(one.expired).toBe(0)
  })

  it('that passed while we stood still is not held against anybody: the next look decides', () => {
    const { sweep, pass, freeze } = stage()
    const [slow, quick] = [member(sweep, 5_000), member(sweep, 5_000)]
    freeze(60_000)
    pass(1_000)
    quick.deadlineAt = sweep.after(5_000) // what it had sent was read
    pass(1_000)
    expect([slow.expired, quick.expired]).toEqual([1, 0])
  })

  it('of one who left does not matter, and no timer is kept for nobody', () => {
    const { sweep, pass } = stage()
    const one = member(sweep, 100)
    sweep.delete(one)
    expect(vi.getTimerCount()).toBe(0)
    pass(1_000)
    expect(one.expired).toBe(0)
  })

  it('of one whom another took along when it expired does not matter either', () => {
    const { sweep, pass } = stage()
    const second = member(sweep, 100)
    sweep.delete(second)
    const first = { deadlineAt: Infinity, expire: () => (sweep.delete(second), sweep.delete(first)) }
    sweep.add(first)
    first.deadlineAt = sweep.after(100)
    sweep.add(second)
    second.deadlineAt = first.deadlineAt
    pass(1_000)
    expect(second.expired).toBe(0)
  })
})
