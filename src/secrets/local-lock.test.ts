import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
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

/** What a lock of ours says, with one line changed. */
async function holder(line: number, text: string): Promise<string> {
  const release = await lockFile(path)
  const lines = readFileSync(path, 'utf8').split('\n')
  await release()
  return lines.map((each, i) => (i === line ? text : each)).join('\n')
}

describe('the lock of the secret store', () => {
  it('is taken over from a process that was killed while it held it', async () => {
    writeFileSync(path, await holder(2, String(await gone())))
    const release = await lockFile(path)
    expect(readFileSync(path, 'utf8').split('\n')[2]).toBe(String(process.pid))
    await release()
    expect(readdirSync(dirname(path)).filter((name) => name.startsWith('store.lock'))).toEqual([])
  })

  it.runIf(process.platform === 'linux').each([[1, 'an earlier boot'], [3, '1']])('is taken over when another process got the number (line %i)', async (line, text) => {
    writeFileSync(path, await holder(line, text))
    await (await lockFile(path))()
    expect(readdirSync(dirname(path)).filter((name) => name.startsWith('store.lock'))).toEqual([])
  })

  it.each([
    ['a living process', async () => await holder(4, 'another')],
    ['a process on another machine', async () => (await holder(2, String(await gone()))).replace(hostname(), 'elsewhere')],
  ])('is left to %s', async (_, make) => {
    writeFileSync(path, await make())
    await expect(lockFile(path)).rejects.toMatchObject({ code: 'secrets.store-locked' })
  })

  it('goes to one after the other when many find the same dead holder', async () => {
    writeFileSync(path, await holder(2, String(await gone())))
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
