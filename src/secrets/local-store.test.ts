import { chmodSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../base/index.ts'
import { SecretPlaces, canary, failureOf, file } from './secrets.test.kit.ts'

let places: SecretPlaces
beforeEach(() => {
  places = new SecretPlaces()
})
afterEach(() => places.remove())

describe('the local store', () => {
  it('keeps values sealed, in private files, and lists names only', async () => {
    const { local } = places.secrets()
    expect(await local!.list()).toEqual([])
    await local!.put('B', new Secret(canary))
    await local!.put('A', new Secret(`${canary}-2`))
    expect((await local!.get('B'))?.reveal()).toBe(canary)
    expect(await local!.list()).toEqual([
      { name: 'A', createdAt: '2026-11-21T12:00:00.000Z' },
      { name: 'B', createdAt: '2026-11-21T12:00:00.000Z' },
    ])
    expect(readFileSync(places.localPath, 'utf8')).not.toContain(canary)
    expect(readFileSync(places.localPath, 'utf8')).not.toContain(Buffer.from(canary).toString('base64').slice(0, 12))
    expect([places.localPath, places.localKeyPath].map((each) => statSync(each).mode & 0o777)).toEqual([0o600, 0o600])
    expect(readFileSync(places.localKeyPath)).toHaveLength(32)
  })

  it('replaces and removes', async () => {
    const { local } = places.secrets()
    await local!.put('A', new Secret('old'))
    await local!.put('A', new Secret(canary))
    expect((await local!.get('A'))?.reveal()).toBe(canary)
    expect([await local!.remove('A'), await local!.remove('A'), await local!.get('A')]).toEqual([true, false, null])
  })

  it('loses nothing when many write at once, and agrees on one key', async () => {
    await Promise.all(
      Array.from({ length: 12 }, (_, i) => places.secrets().local!.put(`KEY_${i}`, new Secret(`${canary}-${i}`))),
    )
    const { local } = places.secrets()
    expect(await local!.list()).toHaveLength(12)
    expect((await local!.get('KEY_11'))?.reveal()).toBe(`${canary}-11`)
  })

  it('refuses a sealed value that was moved under another name', async () => {
    const { local } = places.secrets()
    await local!.put('A', new Secret(canary))
    await local!.put('B', new Secret('other'))
    const stored = JSON.parse(readFileSync(places.localPath, 'utf8'))
    ;[stored.entries.A, stored.entries.B] = [stored.entries.B, stored.entries.A]
    file(places.localPath, JSON.stringify(stored))
    expect(await failureOf(local!.get('A'))).toMatchObject({
      code: 'secrets.store-damaged',
      message: expect.stringContaining('the secret A'),
    })
  })

  it('refuses to work with another key, and to make a new one beside old entries', async () => {
    const { local } = places.secrets()
    await local!.put('A', new Secret(canary))
    const before = readFileSync(places.localPath, 'utf8')
    file(places.localKeyPath, Buffer.alloc(32, 1))
    expect((await failureOf(local!.get('A'))).code).toBe('secrets.store-damaged')
    expect((await failureOf(local!.put('B', new Secret(canary)))).code).toBe('secrets.store-damaged')
    rmSync(places.localKeyPath)
    expect(await failureOf(local!.get('A'))).toMatchObject({
      code: 'secrets.store-damaged',
      message: expect.stringContaining('is gone'),
    })
    expect((await failureOf(local!.put('B', new Secret(canary)))).code).toBe('secrets.store-damaged')
    file(places.localKeyPath, 'short')
    expect((await failureOf(local!.get('A'))).message).toMatch(/does not hold 32 bytes/)
    expect(readFileSync(places.localPath, 'utf8')).toBe(before)
  })

  it('refuses a key that others may read', async () => {
    const { local } = places.secrets()
    await local!.put('A', new Secret(canary))
    chmodSync(places.localKeyPath, 0o640)
    expect(await failureOf(local!.get('A'))).toMatchObject({
      code: 'secrets.unsafe-file',
      hint: expect.stringContaining('chmod 600'),
    })
  })

  it.each(['', '{', '[]', '{"version":2,"entries":{}}', '{"version":1,"entries":{"A":{"data":7}}}'])(
    'refuses a file that reads %j, even with a secret pasted into it',
    async (text) => {
      mkdirSync(join(places.folder, 'local'))
      file(places.localPath, text === '{' ? `{ ${canary}` : text)
      expect((await failureOf(places.secrets().local!.get('A'))).code).toBe('secrets.store-damaged')
      expect((await failureOf(places.secrets().local!.put('A', new Secret(canary)))).code).toBe('secrets.store-damaged')
    },
  )

  it('says who to blame for a lock that stays, and writes nothing', async () => {
    mkdirSync(join(places.folder, 'local'))
    file(`${places.localPath}.lock`, JSON.stringify({ pid: 4242, started: null, host: 'another-machine', boot: null }))
    expect(await failureOf(places.secrets().local!.put('A', new Secret(canary)))).toMatchObject({
      code: 'secrets.store-locked',
      hint: expect.stringContaining(`${places.localPath}.lock`),
    })
    expect(await places.secrets().local!.list()).toEqual([])
  })

  it('fails without the value when its folder cannot be made', async () => {
    file(join(places.folder, 'local'), 'a file where the folder should be')
    expect((await failureOf(places.secrets().local!.put('A', new Secret(canary)))).code).toBe('secrets.store-failed')
  })
})
