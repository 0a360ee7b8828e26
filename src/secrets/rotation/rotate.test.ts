import { describe, expect, it } from 'vitest'
import { Secret } from '../../base/index.ts'
import { byHandIssuer } from './issuers/by-hand.ts'
import { createRotationJournal } from './journal.ts'
import { confirmRevoked, resume, rotate, type RotationPorts } from './rotate.ts'

/** A provider, a store and whoever uses the key; every effect may be made to fail, once, at its nth call. */
function world({ failAt = Infinity, before = true, bad = false }: { failAt?: number; before?: boolean; bad?: boolean } = {}) {
  const keys = new Map([['key-0', 'old']]) // value → label
  const state = { stored: 'key-0', loaded: 'key-0', sealed: null as Secret | null, calls: 0, made: 0, underWay: 0, steps: [] as string[] }
  const effect = async <T>(work: () => T): Promise<T> => {
    const fails = ++state.calls === failAt
    if (fails && before) throw new Error('power cut before')
    const done = work()
    if (fails) throw new Error('power cut after')
    return done
  }
  const ports: RotationPorts = {
    clock: { now: () => 0, monotonicMs: () => 0 },
    random: { bytes: (count) => Buffer.alloc(count, ++state.made) },
    journal: createRotationJournal({
      get: async () => state.sealed,
      put: (secret) => effect(() => void (state.sealed = secret)),
    }),
    current: async () => new Secret(state.stored),
    obstacle: async () => null,
    store: (_, secret) => effect(() => void (state.stored = secret.reveal())),
    reload: () => effect(() => ((state.loaded = state.stored), null)),
    drained: async () => {
      if (state.underWay > 0) throw new Error('requests with the old key are still under way')
    },
    check: (_, secret) => effect(() => ({ verdict: keys.has(secret.reveal()) && !(bad && secret.reveal() !== 'key-0') ? 'accepted' : 'refused' })),
    issuerOf: () => ({
      kind: 'test',
      goodWhenMinted: true,
      byHand: { mint: 'there', revoke: 'there' },
      mint: (label) => effect(() => {
        const value = `key-${++state.made}`
        keys.set(value, label)
        return { secret: new Secret(value), keyId: `#${value.slice(4)}` }
      }),
      sweep: (label) => effect(() => keys.forEach((its, value) => its === label && keys.delete(value))),
      identify: async (secret) => `#${secret.reveal().slice(4)}`,
      revoke: ({ keyId }) => effect(() => void keys.delete(`key-${keyId!.slice(1)}`)),
    }),
    onStep: async (_, detail) => void state.steps.push(detail),
    pause: async () => {},
  }
  return { ports, state, keys }
}

const request = { name: 'API_KEY', by: 'ana', accepted: null }

describe('a rotation', () => {
  it('puts a new key in use, ends the old one and shows that it is refused', async () => {
    const { ports, state, keys } = world()
    expect(await rotate(request, ports)).toMatchObject({ state: 'rotated', detail: 'the new key is accepted, the old one refused' })
    expect(state.stored).toBe(state.loaded)
    expect([...keys.keys()]).toEqual([state.stored])
    expect(state.stored).not.toBe('key-0')
    expect(state.steps).toEqual(['minted', 'stored', 'reloaded', 'validated', 'revoked', 'the new key is accepted, the old one refused'])
    expect(await ports.journal.open()).toEqual([])
  })

  it('throws a new key away that does not work, and the old one goes on working', async () => {
    const { ports, state, keys } = world({ bad: true })
    expect(await rotate(request, ports)).toMatchObject({ state: 'rolled-back', detail: expect.stringContaining('the new key is refused') })
    expect([...keys.keys()]).toEqual(['key-0'])
    expect(state).toMatchObject({ stored: 'key-0', loaded: 'key-0' })
  })

  it('waits for requests under way before it ends their key', async () => {
    const { ports, state, keys } = world()
    state.underWay = 1
    expect(await rotate(request, ports)).toMatchObject({ state: 'stuck', detail: expect.stringContaining('still under way') })
    expect(keys.has('key-0')).toBe(true)
    state.underWay = 0
    expect(await resume(ports)).toMatchObject([{ state: 'rotated' }])
    expect(keys.has('key-0')).toBe(false)
  })

  it.each([true, false])('is taken up after a power cut at every effect (before it happened: %s), and leaves one good key and no other', async (before) => {
    const whole = world()
    await rotate(request, whole.ports)
    for (const bad of [false, true]) {
      for (let failAt = 1; failAt <= whole.state.calls + 6; failAt++) {
        const { ports, state, keys } = world({ failAt, before, bad })
        await rotate(request, ports).catch(() => {})
        for (let start = 0; start < 3; start++) await resume(ports)
        expect({ failAt, open: await ports.journal.open() }).toEqual({ failAt, open: [] })
        expect({ failAt, keys: [...keys.keys()], loaded: state.loaded }).toEqual({ failAt, keys: [state.stored], loaded: state.stored })
        if (bad) expect(state.stored).toBe('key-0')
      }
    }
  })

  it.each(['after the new key was stored', 'before'])('ends only its own new key when the operator put a third one in place %s', async (when) => {
    const { ports, state, keys } = world()
    keys.set('key-mine', 'ops')
    const cut = async (): Promise<never> => { throw new Error('power cut') }
    expect(await rotate(request, { ...ports, ...(when === 'before' ? { store: cut } : { reload: cut }) })).toMatchObject({ state: 'stuck' })
    state.stored = 'key-mine'
    expect(await resume(ports)).toMatchObject([{ state: 'rolled-back', detail: expect.stringContaining('changed by somebody else meanwhile') }])
    expect([state.stored, state.loaded, [...keys.keys()]]).toEqual(['key-mine', 'key-mine', ['key-0', 'key-mine']])
    expect(await ports.journal.open()).toEqual([])
  })

  it('does not end the old key when the operator put it back while calls were under way', async () => {
    const { ports, state, keys } = world()
    const outcome = await rotate(request, { ...ports, drained: async () => void (state.stored = 'key-0') })
    expect(outcome).toMatchObject({ state: 'rolled-back', detail: expect.stringContaining('somebody put the old key back') })
    expect([state.stored, state.loaded, [...keys.keys()]]).toEqual(['key-0', 'key-0', ['key-0']])
  })

  it('does not call itself done while the old key still works', async () => {
    const { ports, keys } = world()
    const issuer = ports.issuerOf('API_KEY')
    const outcome = await rotate(request, { ...ports, issuerOf: () => ({ ...issuer, revoke: async () => {} }) })
    expect(outcome).toMatchObject({ state: 'stuck', detail: expect.stringContaining('the old key still works') })
    expect(await ports.journal.open()).toHaveLength(1)
    keys.delete('key-0')
    expect(await resume(ports)).toMatchObject([{ state: 'rotated' }])
  })

  it('refuses a second one beside it, a key that is the old one, and a name without a secret', async () => {
    const { ports, state } = world()
    state.underWay = 1
    await rotate(request, ports)
    await expect(rotate(request, ports)).rejects.toMatchObject({ code: 'secrets.rotation-under-way' })
    const other = world().ports
    await expect(rotate({ ...request, accepted: new Secret('key-0') }, other)).rejects.toMatchObject({ code: 'secrets.rotation-same-key' })
    await expect(rotate(request, { ...other, current: async () => null })).rejects.toMatchObject({ code: 'secrets.missing' })
    await expect(rotate(request, { ...other, obstacle: async () => 'it comes from the environment' })).rejects.toMatchObject({ code: 'secrets.store-read-only' })
  })
})

describe('a rotation of a key that people make', () => {
  const made = () => {
    const { ports, state, keys } = world()
    return { ports: { ...ports, issuerOf: () => byHandIssuer }, state, keys }
  }

  it('tells where a new key is made when none is given', async () => {
    await expect(rotate(request, made().ports)).rejects.toMatchObject({ code: 'secrets.rotation-by-hand' })
  })

  it('puts the given key in use, waits for the person to end the old one, and believes only the refusal', async () => {
    const { ports, state, keys } = made()
    keys.set('fresh', 'by hand')
    const accepted = new Secret('fresh')
    expect(await rotate({ ...request, accepted }, ports)).toMatchObject({ state: 'waiting', detail: expect.stringContaining('--revoked') })
    expect(state.loaded).toBe('fresh')
    expect(await confirmRevoked('API_KEY', ports)).toMatchObject({ state: 'stuck', detail: expect.stringContaining('old key still works') })
    keys.delete('key-0')
    expect(await resume(ports, 'API_KEY')).toMatchObject([{ state: 'rotated' }])
    await expect(confirmRevoked('API_KEY', ports)).rejects.toMatchObject({ code: 'secrets.rotation-none' })
  })

  it('keeps the old key when the given one does not work', async () => {
    const { ports, state, keys } = made()
    expect(await rotate({ ...request, accepted: new Secret('typo') }, ports)).toMatchObject({ state: 'rolled-back' })
    expect([state.stored, state.loaded, keys.has('key-0')]).toEqual(['key-0', 'key-0', true])
  })
})

describe('the record of rotations', () => {
  it('shows no key to whoever prints or logs it', async () => {
    const { ports, state } = world()
    state.underWay = 1
    await rotate(request, ports)
    const [record] = await ports.journal.open()
    expect(JSON.stringify(record)).not.toContain('key-')
    expect(record!.fresh!.reveal()).toMatch(/^key-/)
  })

  it('that cannot be read is said to be so, without a word of it', async () => {
    const { ports, state } = world()
    state.sealed = new Secret('{"version":1,"records":[{"old":"sk-hush')
    await expect(ports.journal.open()).rejects.toMatchObject({ code: 'secrets.store-damaged', message: expect.not.stringContaining('hush') })
  })
})
