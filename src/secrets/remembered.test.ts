import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeOf } from '../../tests/suites/secret-store.ts'
import { Secret, systemRandom } from '../base/index.ts'
import { denied, unreachable } from './failures.ts'
import { openLocalStore, type LocalStore, type SecretEvent, type SecretStore } from './index.ts'
import { keepLastGood } from './last-good.ts'
import { createRemembered, type Remembered } from './remembered.ts'
import { SecretPlaces } from './secrets.test.kit.ts'
import { nothingToTend } from './store.ts'
import { SteppedClock } from './vault/vault.test.kit.ts'

const name = 'TRIAL_API_KEY'
const ttlMs = 300_000

/** A store whose answer a test decides. */
class Scripted implements SecretStore {
  readonly kind = 'vault'
  answer: string | null | Error = 'one'
  asked = 0
  readonly tend = nothingToTend.tend
  readonly close = nothingToTend.close
  async get(): Promise<Awaited<ReturnType<SecretStore['get']>>> {
    this.asked++
    if (this.answer instanceof Error) throw this.answer
    return this.answer === null ? null : { secret: new Secret(this.answer), version: '1', createdAt: null, store: 'vault', place: 'vault trial' }
  }
  put = (): Promise<never> => Promise.reject(new Error('unused'))
  versions = async (): Promise<[]> => []
  remove = async (): Promise<false> => false
  list = async (): Promise<[]> => []
  health = async (): Promise<{ ok: true; detail: string }> => ({ ok: true, detail: '' })
}

const silent = (): Error => unreachable('Vault', 'ECONNREFUSED')

let places: SecretPlaces
let store: Scripted
let clock: SteppedClock
let lastGood: LocalStore
let server: string
let events: SecretEvent[]
beforeEach(() => {
  places = new SecretPlaces()
  store = new Scripted()
  clock = new SteppedClock()
  lastGood = openLocalStore({ path: places.localPath, keyPath: places.localKeyPath, keepVersions: 0 }, { clock, random: systemRandom })
  server = 'https://vault.example'
  events = []
})
afterEach(() => places.remove())

/** As a guard that has just started would. */
const start = (kept: LocalStore = lastGood): Remembered =>
  createRemembered(store, { ttlMs }, { clock, lastGood: keepLastGood(kept, { kind: 'vault', placeOf: (name) => `${server} ${name}` }, { clock }), report: (event) => events.push(event) })
const value = async (from: Remembered): Promise<string | undefined> => (await from.get(name))?.secret.reveal()

describe('a remembered store', () => {
  it('is asked once for many calls, and by one for callers that come together', async () => {
    const remembered = start()
    await Promise.all([value(remembered), value(remembered)])
    expect([await value(remembered), store.asked]).toEqual(['one', 1])
  })

  it('gives what it knows at once when it is due, and the new value to the next caller', async () => {
    const remembered = start()
    await value(remembered)
    store.answer = 'two'
    clock.ms = ttlMs
    expect(await value(remembered)).toBe('one')
    await remembered.refresh(name)
    expect(await value(remembered)).toBe('two')
  })

  it('does not take a look that began before for a fresh one', async () => {
    const remembered = start()
    const early = remembered.get(name)
    store.answer = 'two'
    expect((await remembered.refresh(name))?.secret.reveal()).toBe('two')
    expect((await early)?.secret.reveal()).toBe('one')
    expect(await value(remembered)).toBe('two')
  })

  it('looks again at what is due when it is tended, without anybody asking', async () => {
    const remembered = start()
    await value(remembered)
    await remembered.tend()
    expect(store.asked).toBe(1)
    clock.ms = ttlMs
    await remembered.tend()
    expect(store.asked).toBe(2)
  })

  it('asks anew at once for what was missing', async () => {
    const remembered = start()
    store.answer = null
    expect(await value(remembered)).toBeUndefined()
    store.answer = 'one'
    expect(await value(remembered)).toBe('one')
  })
})

describe('when the store says nothing', () => {
  it('a running guard goes on with what it knows, and every look that failed is reported', async () => {
    const remembered = start()
    await value(remembered)
    store.answer = silent()
    clock.ms = ttlMs
    await remembered.tend()
    expect(await value(remembered)).toBe('one')
    expect(events).toEqual([{ kind: 'last-good-used', name, store: 'vault', since: '2026-11-21T12:00:00.000Z', why: 'secrets.store-unreachable' }])
    expect(remembered.stale()).toEqual([{ name, store: 'vault', since: '2026-11-21T12:00:00.000Z' }])
    store.answer = 'two'
    clock.ms += ttlMs
    await remembered.tend()
    expect(await value(remembered)).toBe('two')
    expect(events.at(-1)).toEqual({ kind: 'store-answers-again', name, store: 'vault' })
    expect(remembered.stale()).toEqual([])
  })

  it('a guard that starts uses what it kept sealed, marked with its age', async () => {
    await value(start())
    expect(readFileSync(places.localPath, 'utf8')).not.toContain('one')
    store.answer = silent()
    clock.ms = 86_400_000
    const found = await start().get(name)
    expect(found?.secret.reveal()).toBe('one')
    expect(found?.place).toBe('last known good of vault, confirmed 2026-11-21T12:00:00.000Z')
    expect(events).toEqual([{ kind: 'last-good-used', name, store: 'vault', since: '2026-11-21T12:00:00.000Z', why: 'secrets.store-unreachable' }])
  })

  it('fails with its own reason when nothing was ever kept', async () => {
    store.answer = silent()
    expect(await codeOf(start().get(name))).toBe('secrets.store-unreachable')
    expect(events).toEqual([])
  })
})

describe('when the store says no', () => {
  it('that holds at once, and what was kept is removed', async () => {
    const remembered = start()
    await value(remembered)
    store.answer = denied('Vault', 'to read it', 'a policy')
    clock.ms = ttlMs
    await remembered.tend()
    expect(await codeOf(remembered.get(name))).toBe('secrets.store-denied')
    expect(await lastGood.list()).toEqual([])
    store.answer = silent()
    expect(await codeOf(start().get(name))).toBe('secrets.store-unreachable')
    expect(events).toEqual([])
  })

  it('so does the word that it is gone', async () => {
    await value(start())
    store.answer = null
    expect(await start().get(name)).toBeNull()
    expect(await lastGood.list()).toEqual([])
  })
})

describe('what is kept for an outage', () => {
  it('is the newest value only', async () => {
    const remembered = start()
    await value(remembered)
    store.answer = 'two'
    await remembered.refresh(name)
    const [kept] = await lastGood.list()
    expect((await lastGood.store.versions(kept!.name)).length).toBe(1)
    store.answer = silent()
    expect((await start().get(name))?.secret.reveal()).toBe('two')
  })

  it('is never used for another server, and goes when that one has given its own', async () => {
    await value(start())
    server = 'https://other.example'
    store.answer = silent()
    expect(await codeOf(start().get(name))).toBe('secrets.store-unreachable')
    store.answer = 'of the other'
    await value(start())
    server = 'https://vault.example'
    store.answer = silent()
    expect(await codeOf(start().get(name))).toBe('secrets.store-unreachable')
  })

  it('says how long ago it was confirmed, to the hour', async () => {
    const remembered = start()
    await value(remembered)
    clock.ms = 2 * 3_600_000
    await remembered.refresh(name)
    expect((await lastGood.list())[0]?.createdAt).toBe('2026-11-21T14:00:00.000Z')
  })

  it('is reported when it cannot be written, and the value is given all the same', async () => {
    const broken: LocalStore = { ...lastGood, put: () => Promise.reject(new Error('disk full')) }
    expect(await value(start(broken))).toBe('one')
    expect(events).toEqual([{ kind: 'last-good-not-kept', name, store: 'vault', why: 'disk full' }])
  })
})
