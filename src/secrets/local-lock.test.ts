import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockFile } from './local-lock.ts'
import { SecretPlaces } from './secrets.test.kit.ts'

let places: SecretPlaces
let path: string
beforeEach(() => {
  places = new SecretPlaces()
  path = join(places.folder, 'store.lock')
})
afterEach(() => places.remove())

/** The number of a process that has ended. */
function gone(): Promise<number> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--version'], () => resolve(child.pid!))
  })
}

/** What a lock of ours says, with some of it changed. */
async function holder(change: object): Promise<string> {
  const release = await lockFile(path)
  const said = JSON.parse(readFileSync(path, 'utf8')) as object
  await release()
  return JSON.stringify({ ...said, ...change })
}

describe('the lock of the secret store', () => {
  it('is taken over from a process that was killed while it held it', async () => {
    writeFileSync(path, await holder({ pid: await gone() }))
    const release = await lockFile(path)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid })
    await release()
    expect(readdirSync(dirname(path)).filter((name) => name.startsWith('store.lock'))).toEqual([])
  })

  it.runIf(process.platform === 'linux').each([{ boot: 'an earlier boot' }, { started: '1' }])('is taken over when another process got the number (%o)', async (change) => {
    writeFileSync(path, await holder(change))
    await (await lockFile(path))()
    expect(readdirSync(dirname(path)).filter((name) => name.startsWith('store.lock'))).toEqual([])
  })

  it.each([
    ['a living process', async () => await holder({ nonce: 'another' })],
    ['a process on another machine', async () => await holder({ pid: await gone(), host: 'elsewhere' })],
  ])('is left to %s', async (_, make) => {
    writeFileSync(path, await make())
    await expect(lockFile(path)).rejects.toMatchObject({ code: 'secrets.store-locked' })
  })

  it('goes to one after the other when many find the same dead holder', async () => {
    writeFileSync(path, await holder({ pid: await gone() }))
    let inside = 0
    let most = 0
    const work = async (): Promise<void> => {
      const release = await lockFile(path)
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setImmediate(resolve))
      inside--
      await release()
    }
    await Promise.all(Array.from({ length: 8 }, work))
    expect(most).toBe(1)
  })
})
