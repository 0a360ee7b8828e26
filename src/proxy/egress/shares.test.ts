import { describe, expect, it } from 'vitest'
import { gatewayIdentity, identityOf } from './identity.ts'
import { createShares, type Share } from './shares.ts'

const main = identityOf('main')!

describe('what one identity may have', () => {
  it('is so many connections, given back one by one, and nobody else’s', () => {
    const shares = createShares(({ name }) => ({ maxConnections: name === 'agent.main' ? 2 : 5, bytesPerHour: Infinity }), { now: () => 0, monotonicMs: () => 0 })
    const held = [shares.take(main), shares.take(main)] as Share[]
    expect(shares.take(main)).toBe('agent.main has 2 connections open, as many as it may have')
    expect(shares.take(gatewayIdentity)).toMatchObject({ bytesPerHour: Infinity })
    held[0]!.leave()
    expect(typeof shares.take(main)).toBe('object')
  })

  it('is so many bytes within an hour, over all its connections', () => {
    let nowMs = 0
    const shares = createShares(() => ({ maxConnections: 9, bytesPerHour: 100 }), { now: () => 0, monotonicMs: () => nowMs })
    const [first, second] = [shares.take(main), shares.take(main)] as Share[]
    expect([first!.spend(60), second!.spend(40), second!.spend(1)]).toEqual([true, true, false])
    expect(shares.take(main)).toContain('may move within an hour')
    nowMs = 3_600_001
    expect((shares.take(main) as Share).spend(100)).toBe(true)
  })
})
