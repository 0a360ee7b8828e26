import { describe, expect, it } from 'vitest'
import { systemClock } from '../base/index.ts'
import { createPulse, held, kernelSurface, type ForbiddenServices, type Surface } from './index.ts'

const nonce = 'f'.repeat(32)
const services = (heard = false): ForbiddenServices => ({ tcp: [{ host: '127.0.0.1', port: 1 }], udp: { host: '127.0.0.1', port: 2 }, heard: () => heard, close: async () => undefined })
const printed = (opened: string, ...found: string[]) => async () => JSON.stringify({ opened, found })
const counts = (...packets: (number | null)[]) => async () => packets.shift() ?? null
const ports = {
  applies: () => true,
  missing: () => null,
  openForbiddenServices: async () => services(),
  refusals: counts(),
  door: () => ({ host: '127.0.0.1', port: 3 }),
  runAsGateway: printed('connected', 'ECONNREFUSED', 'EPERM'),
}
const prove = (surface: Surface) => surface.prove(nonce, new AbortController().signal)

describe('the kernel surface', () => {
  it("holds when the guard's door opens, nothing else does, and the kernel counted each refusal", async () => {
    expect(await prove(kernelSurface({ ...ports, refusals: counts(5, 7) }))).toEqual({ ok: true, detail: 'refused: ECONNREFUSED, EPERM; counted by the kernel: 2' })
    expect((await prove(kernelSurface(ports))).ok).toBe(true)
  })

  it('is broken when a service was reached, even if the program says it was not', async () => {
    expect((await prove(kernelSurface({ ...ports, runAsGateway: printed('connected', 'connected', 'sent') }))).detail).toContain('the kernel refuses nothing')
    expect((await prove(kernelSurface({ ...ports, openForbiddenServices: async () => services(true) }))).detail).toContain('the kernel refuses nothing')
  })

  it('is broken when nothing opens at all, when the kernel counted nothing, and when nothing is applied', async () => {
    expect((await prove(kernelSurface({ ...ports, runAsGateway: printed('ECONNREFUSED', 'ECONNREFUSED') }))).detail).toContain('cannot reach the egress proxy either')
    expect((await prove(kernelSurface({ ...ports, refusals: counts(5, 5) }))).detail).toContain('the kernel counted 0')
    expect((await prove(kernelSurface({ ...ports, missing: () => 'nothing is applied' }))).detail).toBe('nothing is applied')
  })
})

describe('a surface that does not apply', () => {
  it('is on no list and closes nothing, until it does', async () => {
    let applies = false
    let proofs = 0
    const always: Surface = { id: 'a', title: 'a', prove: async () => held('yes') }
    const sometimes: Surface = { id: 'b', title: 'b', applies: () => applies, prove: async () => (proofs++, held('yes')) }
    const pulse = createPulse([always, sometimes], { everyMs: 300_000, surfaceTimeoutMs: 1000 }, { clock: systemClock, record: async () => undefined })
    await pulse.prove()
    expect(pulse.states().map(({ id }) => id)).toEqual(['a'])
    expect([pulse.unproven(), proofs]).toEqual([null, 0])
    applies = true
    expect(pulse.unproven()).toBe('b: not proven yet')
    await pulse.prove()
    expect(pulse.unproven()).toBe(null)
    expect(pulse.states().map(({ id }) => id)).toEqual(['a', 'b'])
  })
})
