import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../base/index.ts'
import { systemDisk, type Disk } from './disk.ts'
import type { Entry } from './entry.ts'
import { openAuditLog } from './open.ts'
import { freshPath, linesIn, openSample, sample } from './sample-log.fixture.ts'
import { listSegments } from './segments.ts'
import { verifyLog } from './verify.ts'

/** The machine's disk, whose syncs wait until they are let go, and fail when they are told to. */
function heldDisk(): { disk: Disk; writes: string[]; letGo(error?: Error): void } {
  const writes: string[] = []
  let gate = Promise.withResolvers<void>()
  const disk: Disk = {
    ...systemDisk,
    open(path, more) {
      const file = systemDisk.open(path, more)
      return {
        ...file,
        write(text) {
          writes.push(text)
          file.write(text)
        },
        sync: () => gate.promise.then(() => file.sync()),
      }
    },
  }
  return {
    disk,
    writes,
    letGo(error) {
      if (error) gate.reject(error)
      else gate.resolve()
      gate = Promise.withResolvers<void>()
    },
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('handing an entry over', () => {
  it('has the line with the kernel when it returns, and says when the disk has it', async () => {
    const path = await freshPath()
    const { disk, letGo } = heldDisk()
    const log = await openAuditLog({ path }, { clock: systemClock, disk })
    const handed = log.write(sample(0))
    expect(readFileSync(path, 'utf8')).toContain('query 0')
    expect([handed.isDurable, log.head()]).toEqual([false, null])
    const durable = handed.durable()
    await turn()
    letGo()
    await durable
    expect([handed.isDurable, log.head()?.seq]).toEqual([true, 0])
    await handed.durable()
    await log.close()
  })

  it('keeps the order of those who wait and those who do not', async () => {
    const path = await freshPath()
    const log = await openSample(path)
    const waiting = log.append(sample(0))
    log.note(sample(1))
    log.write(sample(2))
    log.note(sample(3))
    expect((await waiting).seq).toBe(0)
    await log.flush()
    const said = (await linesIn(path)).map((line) => (JSON.parse(line) as Entry).input_summary)
    expect(said).toEqual(['query 0', 'query 1', 'query 2', 'query 3'])
    expect(await verifyLog({ path })).toMatchObject({ ok: true, entries: 4 })
  })

  it('shares one write among the lines of a turn, and one sync among the writes of many', async () => {
    const path = await freshPath()
    const { disk, writes, letGo } = heldDisk()
    const log = await openAuditLog({ path }, { clock: systemClock, disk })
    for (let i = 0; i < 10; i++) log.note(sample(i))
    const first = log.write(sample(10))
    expect(writes).toHaveLength(1)
    await turn()
    const [second, third] = [log.write(sample(11)), log.write(sample(12))]
    expect(second).toBe(third)
    const both = Promise.all([first.durable(), second.durable()])
    letGo()
    await first.durable()
    expect(second.isDurable).toBe(false)
    await turn()
    letGo()
    await both
    await log.close()
    expect(await verifyLog({ path })).toMatchObject({ ok: true, entries: 13 })
  })

  it('can wait for the end of the turn, with one write for whoever does', async () => {
    const path = await freshPath()
    const { disk, writes, letGo } = heldDisk()
    const log = await openAuditLog({ path }, { clock: systemClock, disk })
    const all = Promise.all([log.writeThisTurn(sample(0)), log.writeThisTurn(sample(1))])
    log.note(sample(2))
    expect(writes).toEqual([])
    const [first, second] = await all
    expect(writes).toHaveLength(1)
    expect((await linesIn(path)).map((line) => (JSON.parse(line) as Entry).seq)).toEqual([0, 1, 2])
    expect([first === second, first.isDurable]).toEqual([true, false])
    letGo()
    await first.durable()
    expect(first.isDurable).toBe(true)
    await log.close()
    await expect(log.writeThisTurn(sample(3))).rejects.toMatchObject({ code: 'auditlog.closed' })
  })

  it('brings lines nobody waits for to the disk by themselves', async () => {
    const path = await freshPath()
    const log = await openSample(path)
    log.note(sample(0))
    const end = performance.now() + 5_000
    while (log.head() === null && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(log.head()?.seq).toBe(0)
  })

  it('writes what was noted when it is closed', async () => {
    const path = await freshPath()
    const log = await openSample(path)
    log.note(sample(0))
    await log.close()
    expect(await verifyLog({ path })).toEqual({ ok: true, entries: 1, firstBad: null, head: 'match' })
    expect(() => log.write(sample(1))).toThrow('audit log is closed')
    expect(() => log.note(sample(1))).toThrow('audit log is closed')
  })

  it('keeps the chain across files that fill up in the middle of it', async () => {
    const path = await freshPath()
    const log = await openSample(path, { rotateBytes: 1_000 })
    const handed = Array.from({ length: 50 }, (_, i) => log.write(sample(i)))
    expect(handed[0]!.isDurable).toBe(true)
    await handed.at(-1)!.durable()
    expect(await verifyLog({ path })).toMatchObject({ ok: true, entries: 50 })
  })
})

describe('a disk that fails behind an entry that was handed over', () => {
  it('tells everybody whose line it did not take, takes the lines back and goes on', async () => {
    const path = await freshPath()
    const { disk, letGo } = heldDisk()
    const log = await openAuditLog({ path }, { clock: systemClock, disk })
    const before = log.write(sample(0))
    await turn()
    letGo()
    await before.durable()

    const lost = log.write(sample(1))
    await turn()
    const behind = log.write(sample(2)) // in another batch: its predecessor will be gone
    const refused = { code: 'auditlog.write-failed', message: expect.stringContaining('i/o error') }
    const answers = Promise.allSettled([lost.durable(), behind.durable()])
    letGo(new Error('EIO: i/o error'))
    const both = [{ status: 'rejected', reason: refused }, { status: 'rejected', reason: refused }]
    expect(await answers).toMatchObject(both)
    expect([lost.isDurable, behind.isDurable, before.isDurable]).toEqual([false, false, true])
    await expect(lost.durable(), 'also who asks later').rejects.toMatchObject(refused)

    const after = log.write(sample(3))
    await turn()
    letGo()
    await after.durable()
    await log.close()
    const entries = (await linesIn(path)).map((line) => JSON.parse(line) as Entry)
    const note = 'log writable again: 2 entries were refused meanwhile'
    expect(entries.map(({ reason, input_summary }) => reason ?? input_summary)).toEqual(['query 0', note, 'query 3'])
    expect(await verifyLog({ path })).toMatchObject({ ok: true, firstBad: null })
  })

  it('throws at once when the kernel does not take the line, and keeps what it took before', async () => {
    const path = await freshPath()
    let isFull = false
    const disk: Disk = {
      ...systemDisk,
      open(name, more) {
        const file = systemDisk.open(name, more)
        return {
          ...file,
          write(text) {
            file.write(isFull ? text.slice(0, 20) : text)
            if (isFull) throw new Error('ENOSPC: no space left on device')
          },
        }
      },
    }
    const log = await openAuditLog({ path }, { clock: systemClock, disk })
    const kept = log.write(sample(0))
    isFull = true
    expect(() => log.write(sample(1))).toThrow('ENOSPC')
    expect(() => log.write(sample(2))).toThrow('ENOSPC')
    await expect(log.writeThisTurn(sample(2))).rejects.toMatchObject({ code: 'auditlog.write-failed' })
    isFull = false
    await kept.durable()
    await log.write(sample(3)).durable()
    await log.close()
    const entries = (await linesIn(path)).map((line) => JSON.parse(line) as Entry)
    const note = 'log writable again: 3 entries were refused meanwhile'
    expect(entries.map(({ reason, input_summary }) => reason ?? input_summary)).toEqual(['query 0', note, 'query 3'])
    expect(await verifyLog({ path })).toMatchObject({ ok: true, firstBad: null })
  })
})

describe('a writer that is killed after handing over', () => {
  it('loses no line that was handed over, three times in a row', async () => {
    const path = await freshPath()
    const handed: number[] = []
    for (let round = 0; round < 3; round++) handed.push(...(await killAfter(path, 3_000, round * 1_000_000)))
    const log = await openSample(path)
    await log.close()
    expect(await verifyLog({ path })).toMatchObject({ ok: true, firstBad: null, head: 'match' })
    const files = [...(await listSegments(path)).map((segment) => segment.path), path]
    const found = new Set((await Promise.all(files.map(linesIn))).flat().map((line) => numberIn(line)))
    expect(handed.length).toBeGreaterThanOrEqual(9_000)
    expect(handed.filter((number) => !found.has(number))).toEqual([])
  }, 60_000)
})

function numberIn(line: string): number {
  return Number(/"handed (\d+)"/.exec(line)?.[1] ?? -1)
}

/** Runs a writer in a process of its own and kills it once it has printed so many numbers. */
async function killAfter(path: string, count: number, from: number): Promise<number[]> {
  const script = fileURLToPath(new URL('./kill-writer.fixture.ts', import.meta.url))
  const child = spawn(process.execPath, [script, path, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
    if (printed.split('\n').length > count + 1) child.kill('SIGKILL')
  })
  await once(child, 'close')
  // The last number may be printed in part.
  return printed.slice(0, printed.lastIndexOf('\n')).split('\n').map(Number)
}
