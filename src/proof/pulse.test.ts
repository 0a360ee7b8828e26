import { describe, expect, it, vi } from 'vitest'
import { createPulse, type PulsePorts } from './pulse.ts'
import type { SurfaceProof } from './surface-states.ts'
import { broken, held, type Proof, type Surface } from './surface.ts'

const options = { everyMs: 1000, surfaceTimeoutMs: 50 }

function world(prove: Surface['prove'], record: PulsePorts['record'] = async () => {}) {
  let nowMs = 0
  const clock = { now: () => 1_000_000 + nowMs, monotonicMs: () => nowMs }
  const pulse = createPulse([{ id: 'egress', title: 'holds', prove }], options, { clock, record })
  return { pulse, pass: (ms: number) => (nowMs += ms) }
}

describe('the pulse', () => {
  it('is closed before anything was proven', () => {
    expect(world(async () => held('x')).pulse.unproven()).toBe('egress: not proven yet')
  })

  it('opens when every surface held, and says when', async () => {
    const { pulse } = world(async () => held('refused with 403'))
    expect(await pulse.prove()).toEqual([{ id: 'egress', title: 'holds', ok: true, provenAt: 1_000_000, detail: 'refused with 403' }])
    expect(pulse.unproven()).toBeNull()
  })

  it('closes when a proof fails, throws or does not end', async () => {
    const outcomes: [Surface['prove'], string][] = [
      [async () => broken('it went through'), 'it went through'],
      [async () => Promise.reject(new Error('no route')), 'no route'],
      [() => new Promise<Proof>(() => {}), 'no result within 50 ms'],
    ]
    for (const [prove, reason] of outcomes) {
      const { pulse } = world(prove)
      await pulse.prove()
      expect(pulse.unproven()).toBe(`egress: ${reason}`)
    }
  })

  it('closes when the last proof has grown old', async () => {
    const { pulse, pass } = world(async () => held('x'))
    await pulse.prove()
    pass(2050)
    expect(pulse.unproven()).toBeNull()
    pass(1)
    expect(pulse.unproven()).toContain('stale')
    expect(pulse.states()[0]).toMatchObject({ ok: false })
  })

  it('counts no proof that could not be recorded', async () => {
    const { pulse } = world(async () => held('x'), async () => Promise.reject(new Error('disk full')))
    await pulse.prove()
    expect(pulse.unproven()).toBe('egress: proof not on record: disk full')
  })

  it('says once that a surface turned red, not on every beat', async () => {
    const told: boolean[] = []
    const { pulse } = world(async () => broken('x'), async (_: SurfaceProof, __: string, red: boolean) => void told.push(red))
    await pulse.prove()
    await pulse.prove()
    expect(told).toEqual([true, false])
  })

  it('proves anew what was being proven when the world changed', async () => {
    let calls = 0
    const { pulse } = world(async () => {
      if (calls++ === 0) pulse.forget('gateway restarted')
      return held('x')
    })
    await pulse.prove()
    expect(calls).toBe(2)
    expect(pulse.unproven()).toBeNull()
  })

  it('shows the nonce of a running proof and forgets it afterwards', async () => {
    let seen: readonly string[] = []
    const { pulse } = world(async (nonce) => {
      seen = pulse.runningNonces()
      return seen.includes(nonce) ? held('x') : broken('unknown nonce')
    })
    await pulse.prove()
    expect(seen).toHaveLength(1)
    expect(pulse.runningNonces()).toEqual([])
  })

  it('tells once of a proof that grew old without failing', async () => {
    const told: [string, boolean][] = []
    let calls = 0
    const once: Surface['prove'] = () => (calls++ === 0 ? Promise.resolve(held('x')) : new Promise<Proof>(() => {}))
    const { pulse, pass } = world(once, async (surface: SurfaceProof, _: string, red: boolean) => void told.push([surface.detail, red]))
    await pulse.prove()
    pass(2051)
    expect(told).toEqual([['x', false]])
    vi.useFakeTimers()
    try {
      pulse.start()
      await vi.advanceTimersByTimeAsync(options.everyMs)
      pulse.stop()
      expect(told[1]).toEqual(['stale: x', true])
      expect(told.filter(([, red]) => red)).toHaveLength(1)
    } finally {
      vi.useRealTimers()
    }
  })

  it('ends a round of proofs though the world changes all the time, and stays closed', async () => {
    const { pulse } = world(async () => (pulse.forget('hello again'), held('x')))
    await pulse.prove()
    expect(pulse.unproven()).toContain('the world changed 3 times')
  })

  it('tries a red surface again long before the next beat, and a green one only then', async () => {
    let calls = 0
    let nowMs = 0
    const clock = { now: () => nowMs, monotonicMs: () => nowMs }
    const pulse = createPulse([{ id: 'egress', title: 'holds', prove: async () => (calls++ === 0 ? broken('down') : held('up')) }], { everyMs: 300_000, surfaceTimeoutMs: 50 }, { clock, record: async () => {} })
    vi.useFakeTimers()
    try {
      const pass = async (ms: number): Promise<void> => {
        nowMs += ms
        await vi.advanceTimersByTimeAsync(ms)
      }
      await pulse.prove()
      pulse.start()
      await pass(15_000)
      expect([calls, pulse.unproven()]).toEqual([2, null])
      await pass(285_000)
      expect(calls).toBe(2)
      await pass(15_000)
      expect(calls).toBe(3)
    } finally {
      pulse.stop()
      vi.useRealTimers()
    }
  })
})
