import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isBeingWritten, takeLock } from './lock.ts'
import { freshPath, openSample } from './sample-log.fixture.ts'

async function placeForLock(): Promise<string> {
  const path = await freshPath()
  await mkdir(dirname(path), { recursive: true })
  return path
}

/** A process number nobody has any more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'close')
  return child.pid!
}

describe('the lock', () => {
  it('refuses a second writer, naming the first', async () => {
    const path = await freshPath()
    await openSample(path)
    await expect(openSample(path)).rejects.toMatchObject({
      code: 'auditlog.locked',
      message: expect.stringContaining(`process ${process.pid}`),
      hint: expect.stringContaining('stop the other guard'),
    })
  })

  it('is given back by close, and leaves nothing behind', async () => {
    const path = await freshPath()
    const first = await openSample(path)
    expect(await isBeingWritten(path)).toBe(true)
    await first.close()
    expect(await isBeingWritten(path)).toBe(false)
    expect((await readdir(dirname(path))).sort()).toEqual(['audit.log', 'audit.log.head'])
    expect((await openSample(path)).head()).toBe(null)
  })

  it('is taken over from a dead process', async () => {
    const path = await placeForLock()
    const holder = { pid: await deadPid(), started: '1', host: hostname(), boot: null }
    await writeFile(`${path}.lock`, JSON.stringify(holder))
    const lock = await takeLock(path, 0o600)
    expect(JSON.parse(await readFile(`${path}.lock`, 'utf8'))).toMatchObject({ pid: process.pid })
    await lock.release()
    expect(await readdir(dirname(path))).toEqual([])
  })

  it.each([
    ['another process got its number', { pid: process.pid, started: 'long ago', host: hostname(), boot: null }],
    ['the machine was started again', { pid: process.pid, started: null, host: hostname(), boot: 'another' }],
  ])('is taken over when %s', async (_, holder) => {
    const path = await placeForLock()
    await writeFile(`${path}.lock`, JSON.stringify(holder))
    expect(await isBeingWritten(path)).toBe(false)
    await (await takeLock(path, 0o600)).release()
  })

  it('is taken over when its text did not survive a power cut', async () => {
    const path = await placeForLock()
    await writeFile(`${path}.lock`, '')
    await (await takeLock(path, 0o600)).release()
    expect(await readdir(dirname(path))).toEqual([])
  })

  it('is left to a process on another machine, whatever its number', async () => {
    const path = await placeForLock()
    const holder = { pid: await deadPid(), started: null, host: 'elsewhere', boot: null }
    await writeFile(`${path}.lock`, JSON.stringify(holder))
    const hint = expect.stringContaining('if it is gone, remove') as string
    await expect(takeLock(path, 0o600)).rejects.toMatchObject({ code: 'auditlog.locked', hint })
  })

  it('goes to one of many who find the same dead holder', async () => {
    const path = await placeForLock()
    const holder = { pid: await deadPid(), started: '1', host: hostname(), boot: null }
    for (let round = 0; round < 20; round++) {
      await writeFile(`${path}.lock`, JSON.stringify(holder))
      const tries = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(path, 0o600)))
      const won = tries.filter((result) => result.status === 'fulfilled')
      expect(won).toHaveLength(1)
      await won[0]!.value.release()
    }
    expect(await readdir(dirname(path))).toEqual([])
  })
})
