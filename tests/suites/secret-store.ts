import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HardshellError, Secret } from '../../src/base/index.ts'
import type { SecretStore } from '../../src/secrets/index.ts'

/** A store in a place of its own, with hands on the other side of it. */
export interface StoreOnTrial {
  store: SecretStore
  /** Puts a value there past the store, as the operator would with the store's own tools. */
  plant(value: string): Promise<void>
  /** Makes the store refuse the secret; left out: this store cannot refuse. */
  deny?(): void
  /** Makes the store keep us waiting; its limit of time is short. Left out: it answers at once or never was asked. */
  hang?(): void
  /** Makes it unreachable. */
  vanish?(): Promise<void>
  end(): Promise<void>
}

export interface StoreAbilities {
  writable: boolean
  /** Keeps the version before the current one readable. */
  versions: boolean
}

/** The name every store on trial knows. */
export const trialName = 'TRIAL_API_KEY'

// Assembled, so that no scanner takes this file for a leak. Neither may appear in anything but a reveal().
const first = ['first', 'value', 'of-the', 'trial-4Kq'].join('-')
const second = ['second', 'value', 'of-the', 'trial-9Zt'].join('-')

/** What every store has to do, whatever it is made of. */
export function describeSecretStore(title: string, abilities: StoreAbilities, open: () => Promise<StoreOnTrial>): void {
  describe(`${title}, like every store`, () => {
    let trial: StoreOnTrial
    beforeEach(async () => {
      trial = await open()
    })
    afterEach(async () => await trial.end())

    it('gives what was planted, with its place and without printing it', async () => {
      await trial.plant(first)
      const found = await trial.store.get(trialName)
      expect(found?.secret.reveal()).toBe(first)
      expect(found?.place).not.toBe('')
      expect(inspect(found, { depth: 9, showHidden: true }) + JSON.stringify(found)).not.toContain(first)
    })

    it('says null for what is not there, whatever is asked', async () => {
      expect(await trial.store.get(trialName)).toBeNull()
      expect(await trial.store.get('NOBODY_KNOWS_THIS')).toBeNull()
      expect(await trial.store.versions(trialName)).toEqual([])
    })

    it('says null for a version it does not have', async () => {
      await trial.plant(first)
      expect(await trial.store.get(trialName, '999')).toBeNull()
      expect(await trial.store.get(trialName, '../1')).toBeNull()
    })

    it('is healthy', async () => {
      await trial.plant(first)
      expect(await trial.store.health()).toMatchObject({ ok: true })
    })

    it('has nothing to renew when nothing is due', async () => {
      await trial.plant(first)
      await trial.store.tend()
      expect((await trial.store.get(trialName))?.secret.reveal()).toBe(first)
    })

    if (abilities.writable) describeWriting(() => trial, abilities)
    else describeReadOnly(() => trial)
    describeFailing(() => trial)
  })
}

function describeWriting(trial: () => StoreOnTrial, { versions }: StoreAbilities): void {
  it('stores what was not there, lists it by name, and removes it once', async () => {
    const { store } = trial()
    expect(await store.put(trialName, new Secret(first))).toMatchObject({ current: true })
    expect((await store.get(trialName))?.secret.reveal()).toBe(first)
    expect((await store.list()).map(({ name }) => name)).toContain(trialName)
    expect(JSON.stringify(await store.list())).not.toContain(first)
    expect(await store.remove(trialName)).toBe(true)
    expect(await store.get(trialName)).toBeNull()
    expect(await store.remove(trialName)).toBe(false)
  })

  it('rotates: the new value is current' + (versions ? ', the old one stays readable by its version' : ''), async () => {
    const { store } = trial()
    const before = await store.put(trialName, new Secret(first))
    const after = await store.put(trialName, new Secret(second))
    expect((await store.get(trialName))?.secret.reveal()).toBe(second)
    if (!versions) return
    expect((await store.get(trialName))?.version).toBe(after.version)
    expect((await store.get(trialName, before.version))?.secret.reveal()).toBe(first)
    const listed = await store.versions(trialName)
    expect(listed.map(({ version, current }) => ({ version, current }))).toEqual([
      { version: after.version, current: true },
      { version: before.version, current: false },
    ])
    expect(JSON.stringify(listed)).not.toContain(first)
  })
}

function describeReadOnly(trial: () => StoreOnTrial): void {
  it('refuses to write or remove, and says so', async () => {
    await trial().plant(first)
    expect(await codeOf(trial().store.put(trialName, new Secret(second)))).toBe('secrets.store-read-only')
    expect(await codeOf(trial().store.remove(trialName))).toBe('secrets.store-read-only')
    expect((await trial().store.list()).map(({ name }) => name)).toContain(trialName)
  })
}

function describeFailing(trial: () => StoreOnTrial): void {
  it('tells denied, late and unreachable apart, and none of them tells the value', async () => {
    const { store, plant, deny, hang, vanish } = trial()
    await plant(first)
    await store.get(trialName)
    if (deny) {
      deny()
      expect(await codeOf(store.get(trialName))).toBe('secrets.store-denied')
      expect(await store.health()).toMatchObject({ ok: false })
    }
    if (hang) {
      hang()
      expect(await codeOf(store.get(trialName))).toBe('secrets.store-timeout')
    }
    if (vanish) {
      await vanish()
      expect(await codeOf(store.get(trialName))).toBe('secrets.store-unreachable')
      expect(await store.health()).toMatchObject({ ok: false })
    }
    expect(inspect(store, { depth: 9, showHidden: true })).not.toContain(first)
  })
}

/** The code of a failure, after seeing that nothing about it gives a value away. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    const told = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error) + String((error as Error).stack)
    expect(told).not.toContain(first)
    expect(told).not.toContain(second)
    expect(error).toBeInstanceOf(HardshellError)
    expect((error as HardshellError).hint).toBeDefined()
    return (error as HardshellError).code
  }
  throw new Error('no failure')
}
