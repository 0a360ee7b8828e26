import { describe, expect, it } from 'vitest'
import { Secret } from '../../base/index.ts'
import { byHandIssuer } from './issuers/by-hand.ts'
import { createRotationJournal } from './journal.ts'
import { resume, rotate, type RotationPorts } from './rotate.ts'

describe('a rotation that stopped after the new key was stored', () => {
  it('leaves a third key alone that the operator put there meanwhile', async () => {
    let sealed: Secret | null = null
    let stored = 'key-old'
    let fails = true
    const ports: RotationPorts = {
      clock: { now: () => 0, monotonicMs: () => 0 },
      random: { bytes: (count) => Buffer.alloc(count, 1) },
      journal: createRotationJournal({ get: async () => sealed, put: async (secret) => void (sealed = secret) }),
      current: async () => new Secret(stored),
      obstacle: async () => null,
      store: async (_, secret) => void (stored = secret.reveal()),
      reload: async () => {
        if (fails) throw new Error('the guard died here')
        return null
      },
      drained: async () => {},
      check: async () => ({ verdict: 'accepted' }),
      issuerOf: () => byHandIssuer,
      onStep: async () => {},
      pause: async () => {},
    }
    expect(await rotate({ name: 'API_KEY', by: 'ana', accepted: new Secret('key-new') }, ports)).toMatchObject({ state: 'stuck' })
    stored = 'key-of-the-operator' // hardshell secrets put API_KEY
    fails = false
    await resume(ports)
    expect(stored).toBe('key-of-the-operator')
  })
})
