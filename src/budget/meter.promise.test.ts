import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MeterWorld, claim } from './meter.test.kit.ts'

describe('the promise', () => {
  it('holds for any interleaving: spent and reserved never exceed any limit', async () => {
    const step = fc.record({
      what: fc.constantFrom('reserve', 'settle', 'interrupt', 'release', 'restart', 'clock'),
      size: fc.integer({ min: 0, max: 3_000 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      which: fc.nat(30),
    })
    const limits = { perDay: 60_000, perSession: 30_000, perMonth: 90_000 }
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const world = new MeterWorld()
        let meter = world.meter(limits, { self: 'p0', isRunning: () => true })
        const calls: { id: string; bytes: number }[] = []
        for (const [i, { what, size, share, which }] of steps.entries()) {
          const target = calls[which % Math.max(1, calls.length)]
          // Never more than announced: that is what the promise rests on.
          const usage = { inputTokens: Math.floor((target?.bytes ?? 0) * share), outputTokens: Math.floor(100 * share) }
          if (what === 'reserve') {
            const answer = await meter.reserve(claim(`c${i}`, { inputBytes: size, sessionKey: `s${which % 3}` }))
            if (answer.granted) calls.push({ id: answer.id, bytes: size })
          }
          if (what === 'settle' && target) await meter.settle(target.id, usage)
          if (what === 'interrupt' && target) await meter.settleInterrupted(target.id, usage)
          if (what === 'release' && target) {
            await meter.release(target.id)
            calls.splice(calls.indexOf(target), 1) // what was never sent is never billed either
          }
          if (what === 'restart') meter = world.meter(limits, { self: `p${i}`, isRunning: (mark) => mark === `p${i}` })
          if (what === 'clock') world.now += (share - 0.5) * 2 * 86_400_000
          const { day, month, sessions } = await meter.spend()
          for (const pot of [day, month, ...sessions]) {
            expect(pot.spentMicroUsd + pot.reservedMicroUsd).toBeLessThanOrEqual(pot.limitMicroUsd!)
          }
        }
        world.db.close()
      }),
      { numRuns: 60 },
    )
  }, 30_000)

  it('leaves at least 98 % of the budget usable when calls cost far less than their worst case', async () => {
    // 128 at once, each up to 0.75 cents and really a fiftieth of that, against one dollar.
    const world = new MeterWorld()
    const meter = world.meter({ perDay: 1_000_000 })
    let calls = 0
    const worker = async (): Promise<void> => {
      for (;;) {
        const answer = await meter.reserve(claim(`u${calls++}`))
        if (!answer.granted && !answer.transient) return
        await new Promise((resolve) => setImmediate(resolve)) // the call itself
        if (answer.granted) await meter.settle(answer.id, { costMicroUsd: 150 })
      }
    }
    await Promise.all(Array.from({ length: 128 }, worker))
    const { day } = await meter.spend()
    expect(day.spentMicroUsd).toBeGreaterThanOrEqual(980_000)
    expect(day.spentMicroUsd).toBeLessThanOrEqual(1_000_000)
    world.db.close()
  }, 30_000)
})
