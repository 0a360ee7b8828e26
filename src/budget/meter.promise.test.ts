import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MeterWorld, ask, atOnce, claim } from './meter.test.kit.ts'
import type { Limits, Meter, Schedule } from './index.ts'

/** A call as it is in truth, whatever guards remember of it. */
interface TrueCall {
  id: string
  guard: number
  day: string
  sessionKey: string
  bytes: number
  reserved: number
  isOpen: boolean
  /** What the provider bills up to now; for a call nobody saw anything of, all that it may bill. */
  billed: number
  /** Output tokens seen so far; `null`: nothing was told of it. */
  seenTokens: number | null
}

/** Three guards on one database that die, come back and lose their way, and the truth beside them. */
class Storm {
  readonly world = new MeterWorld()
  readonly calls: TrueCall[] = []
  readonly guards: { name: string; meter: Meter; timers: Set<() => void> }[] = []
  readonly living = new Set<string>()
  readonly limits: Limits
  crashes = 0
  made = 0

  constructor(limits: Limits) {
    this.limits = limits
    for (const slot of [0, 1, 2]) this.start(slot)
  }

  start(slot: number): void {
    const name = `p${this.made++}`
    const timers = new Set<() => void>()
    const schedule: Schedule = {
      soon: atOnce.soon,
      after: (_ms, _keepsRunning, work) => {
        timers.add(work)
        return () => timers.delete(work)
      },
    }
    this.living.add(name)
    const processes = { self: name, isRunning: (mark: string) => this.living.has(mark) }
    this.guards[slot] = { name, timers, meter: this.world.meter(this.limits, processes, schedule) }
  }

  async reserve(slot: number, bytes: number, sessionKey: string, attemptOf: string | null): Promise<void> {
    const id = `c${this.made++}`
    const answer = await ask(this.guards[slot]!.meter, claim(id, { inputBytes: bytes, sessionKey, attemptOf }))
    if (!answer.granted) return
    const earlier = this.calls.find((call) => call.id === attemptOf)
    if (earlier) this.handOver(earlier, slot, sessionKey)
    const { reservedMicroUsd: reserved } = answer
    const day = this.today
    this.calls.push({
      id,
      guard: slot,
      day,
      sessionKey,
      bytes,
      reserved,
      isOpen: true,
      billed: 0,
      seenTokens: null,
    })
  }

  /** A given-up attempt was never answered, so it is not billed either. */
  handOver(earlier: TrueCall, slot: number, sessionKey: string): void {
    const same = earlier.guard === slot && earlier.sessionKey === sessionKey && earlier.day === this.today
    if (same && earlier.seenTokens === null) earlier.isOpen = false
  }

  get today(): string {
    const { latest_ms: latest } = this.world.db.prepare('SELECT latest_ms FROM budget_calendar').get() as {
      latest_ms: number
    }
    return new Date(Math.max(latest, this.world.now)).toISOString().slice(0, 10)
  }

  progress(call: TrueCall, share: number): void {
    const tokens = Math.max(call.seenTokens ?? 0, Math.floor(100 * share))
    this.guards[call.guard]!.meter.progress(call.id, { inputTokens: call.bytes, outputTokens: tokens })
    call.seenTokens = tokens
    call.billed = call.bytes * 3 + tokens * 15
  }

  settle(call: TrueCall, share: number): void {
    const usage = { inputTokens: Math.floor(call.bytes * share), outputTokens: Math.floor(100 * share) }
    // Half of the bills say in the end that the input went into a cache, which is dearer than anything seen before.
    const isCached = call.bytes % 2 === 0
    const paid = isCached ? { ...usage, inputTokens: 0, cacheWrite1hTokens: usage.inputTokens } : usage
    call.billed = this.guards[call.guard]!.meter.settle(call.id, paid).costMicroUsd
    call.isOpen = false
    expect(call.billed).toBe(usage.inputTokens * (isCached ? 6 : 3) + usage.outputTokens * 15)
  }

  interrupt(call: TrueCall): void {
    const seen = { inputTokens: call.bytes, outputTokens: call.seenTokens ?? 0 }
    const settled = this.guards[call.guard]!.meter.settleInterrupted(call.id, seen)
    expect(settled.costMicroUsd).toBeGreaterThanOrEqual(call.billed)
    call.billed = settled.costMicroUsd
    call.isOpen = false
  }

  release(call: TrueCall): void {
    this.guards[call.guard]!.meter.release(call.id)
    call.billed = 0
    call.isOpen = false
  }

  /** Killed: nothing more is written, and what was under way is billed up to what was seen, or wholly. */
  crash(slot: number): void {
    this.living.delete(this.guards[slot]!.name)
    for (const call of this.openOf(slot)) {
      if (call.seenTokens === null) call.billed = call.reserved
      call.isOpen = false
    }
    this.crashes++
    this.start(slot)
  }

  tick(slot: number): void {
    const { timers } = this.guards[slot]!
    const due = [...timers]
    timers.clear()
    for (const work of due) work()
  }

  openOf(slot: number): TrueCall[] {
    return this.calls.filter(({ guard, isOpen }) => isOpen && guard === slot)
  }

  /** What is billed and what may yet be, per pot. */
  truth(): Map<string, number> {
    const sums = new Map<string, number>()
    for (const { day, sessionKey, isOpen, reserved, billed } of this.calls) {
      const amount = isOpen ? reserved : billed
      for (const pot of [`day/${day}`, `month/${day.slice(0, 7)}`, `session/${sessionKey}`]) {
        sums.set(pot, (sums.get(pot) ?? 0) + amount)
      }
    }
    return sums
  }

  /** What the tables hold, per pot, with what is set aside. */
  tables(): Map<string, number> {
    const rows = this.world.db
      .prepare(`SELECT pot, key, period, sum(amount) AS amount FROM (
        SELECT pot, key, period, spent AS amount FROM budget_totals
        UNION ALL SELECT pot, key, period, amount FROM budget_leases)
        WHERE pot IN ('day', 'month', 'session') GROUP BY pot, key, period`)
      .all() as { pot: string; key: string; period: string; amount: number }[]
    return new Map(rows.map(({ pot, key, period, amount }) => [`${pot}/${key === '' ? period : key}`, amount]))
  }

  limitOf(pot: string): number {
    const { perDay, perMonth, perSession } = this.limits
    return (pot.startsWith('day') ? perDay : pot.startsWith('month') ? perMonth : perSession)!
  }

  expectWithinLimits(): void {
    for (const sums of [this.truth(), this.tables()]) {
      for (const [pot, amount] of sums) expect(amount, pot).toBeLessThanOrEqual(this.limitOf(pot))
    }
  }
}

const step = fc.record({
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constant('reserve' as const) },
    { weight: 3, arbitrary: fc.constant('settle' as const) },
    { weight: 2, arbitrary: fc.constantFrom('progress' as const, 'tick' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'interrupt' as const,
        'release' as const,
        'retry' as const,
        'crash' as const,
        'clock' as const,
        'pause' as const,
        'spend' as const,
      ),
    },
  ),
  // One guard does most, so that much happens between two writes of its.
  slot: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(2) }),
  size: fc.integer({ min: 0, max: 3_000 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  which: fc.nat(30),
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

async function take(storm: Storm, { what, slot, size, share, which }: Step): Promise<void> {
  const own = storm.openOf(slot)
  const open = own.length > 0 ? own : storm.calls.filter(({ isOpen }) => isOpen)
  const call = open[which % Math.max(1, open.length)]
  if (what === 'reserve') await storm.reserve(slot, size, `s${which % 2}`, null)
  if (what === 'tick') storm.tick(slot)
  if (what === 'crash') storm.crash(slot)
  if (what === 'spend') await storm.guards[slot]!.meter.spend()
  if (what === 'clock') storm.world.now += (share - 0.4) * 2 * 86_400_000
  if (what === 'pause') storm.world.monotonicMs += size
  if (!call) return
  if (what === 'settle') storm.settle(call, call.seenTokens === null ? share : 1)
  if (what === 'progress') storm.progress(call, share)
  if (what === 'interrupt') storm.interrupt(call)
  if (what === 'release' && call.seenTokens === null) storm.release(call)
  if (what === 'retry') await storm.reserve(call.guard, size, call.sessionKey, call.id)
}

const limits = { perDay: 300_000, perSession: 150_000, perMonth: 450_000 }

describe('the promise', () => {
  it('holds for three guards, any interleaving, crashes and clock changes: never more than a limit is spent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 160 }), async (steps) => {
        const storm = new Storm(limits)
        for (const one of steps) {
          await take(storm, one)
          storm.expectWithinLimits()
        }
        for (const call of storm.calls.filter(({ isOpen }) => isOpen)) storm.settle(call, 1)
        for (const { meter } of storm.guards) meter.close()
        const tables = storm.tables()
        for (const [pot, amount] of storm.truth()) {
          if (storm.crashes === 0) expect(tables.get(pot) ?? 0, `${pot} holds what was spent`).toBe(amount)
          else expect(tables.get(pot) ?? 0, `${pot} holds at least what was spent`).toBeGreaterThanOrEqual(amount)
        }
        expect(storm.world.db.prepare('SELECT * FROM budget_leases').all()).toEqual([])
        storm.world.db.close()
      }),
      { numRuns: 100 },
    )
  }, 120_000)

  it('leaves at least 98 % of the budget usable when calls cost far less than their worst case', async () => {
    // 128 at once, each up to 0.75 cents and really a fiftieth of that, against one dollar.
    const world = new MeterWorld()
    const meter = world.meter({ perDay: 1_000_000 })
    let calls = 0
    const worker = async (): Promise<void> => {
      for (;;) {
        const answer = await ask(meter, claim(`u${calls++}`))
        if (!answer.granted && !answer.transient) return
        await new Promise((resolve) => setImmediate(resolve)) // the call itself
        if (answer.granted) meter.settle(answer.id, { costMicroUsd: 150 })
      }
    }
    await Promise.all(Array.from({ length: 128 }, worker))
    const { day } = await meter.spend()
    expect(day.spentMicroUsd).toBeGreaterThanOrEqual(980_000)
    expect(day.spentMicroUsd).toBeLessThanOrEqual(1_000_000)
    meter.close()
    world.db.close()
  }, 30_000)
})
