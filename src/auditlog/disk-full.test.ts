import { describe, expect, it } from 'vitest'
import { systemClock } from '../base/index.ts'
import { systemDisk, type Disk } from './disk.ts'
import type { Entry } from './entry.ts'
import { openAuditLog } from './open.ts'
import { freshPath, linesIn, sample } from './sample-log.fixture.ts'
import { verifyLog } from './verify.ts'

type Fault = 'none' | 'half a write' | 'no sync' | 'no create' | 'no folder sync' | 'no cut'

/** The machine's disk, with a fault that can be switched. */
function faultyDisk(): { disk: Disk; fail(fault: Fault): void } {
  let fault: Fault = 'none'
  const failing = (message: string): Error => Object.assign(new Error(message), { code: message.split(':')[0] })
  const disk: Disk = {
    ...systemDisk,
    open(path, more) {
      if (fault === 'no create') throw failing('ENOSPC: no space left on device')
      const file = systemDisk.open(path, more)
      return {
        ...file,
        write(text) {
          const isHalf = fault === 'half a write' || fault === 'no cut'
          file.write(isHalf ? text.slice(0, text.length / 2) : text)
          if (isHalf) throw failing('ENOSPC: no space left on device')
        },
        async sync() {
          await file.sync()
          if (fault === 'no sync') throw failing('EIO: i/o error')
        },
        cut(bytes) {
          if (fault === 'no cut') throw failing('EIO: i/o error')
          file.cut(bytes)
        },
      }
    },
    syncFolder(path) {
      if (fault === 'no folder sync') throw failing('EIO: i/o error')
      systemDisk.syncFolder(path)
    },
  }
  return { disk, fail: (next) => void (fault = next) }
}

describe('a disk that fails', () => {
  const writeFaults: Fault[] = ['half a write', 'no sync', 'no cut']
  it.each(writeFaults)('rejects everybody while there is %s, then goes on', async (fault) => {
    const path = await freshPath()
    const { disk, fail } = faultyDisk()
    const log = await openAuditLog({ path }, { clock: systemClock, disk })
    await log.append(sample(0))
    fail(fault)
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.allSettled(Array.from({ length: 5 }, (_, i) => log.append(sample(i))))
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'auditlog.write-failed' } })
      }
    }
    expect(log.head()?.seq).toBe(0)
    fail('none')
    expect((await log.append(sample(6))).seq).toBe(2)
    await log.close()
    const entries = (await linesIn(path)).map((line) => JSON.parse(line) as Entry)
    const note = 'log writable again: 15 entries were refused meanwhile'
    expect(entries.map((entry) => entry.reason)).toEqual([undefined, note, undefined])
    expect(await verifyLog({ path })).toEqual({ ok: true, entries: 3, firstBad: null, head: 'match' })
  })

  it('rejects those who wait behind the failing write too', async () => {
    const path = await freshPath()
    const { disk, fail } = faultyDisk()
    const log = await openAuditLog({ path }, { clock: systemClock, disk })
    fail('half a write')
    const first = log.append(sample(0))
    const late = new Promise((resolve) => setImmediate(() => resolve(log.append(sample(1)))))
    const answers = await Promise.allSettled([first, late])
    expect(answers.map((answer) => answer.status)).toEqual(['rejected', 'rejected'])
    await log.close()
    expect(await linesIn(path)).toEqual([])
  })

  it('tells flush', async () => {
    const path = await freshPath()
    const { disk, fail } = faultyDisk()
    const log = await openAuditLog({ path }, { clock: systemClock, disk })
    fail('no sync')
    const answers = await Promise.allSettled([log.append(sample(0)), log.flush()])
    const refused = { status: 'rejected', reason: { code: 'auditlog.write-failed' } }
    expect(answers).toMatchObject([refused, refused])
    fail('none')
    await log.close()
  })

  it.each<Fault>(['no create', 'no folder sync'])('finishes a rotation that stopped half way for %s', async (fault) => {
    const path = await freshPath()
    const { disk, fail } = faultyDisk()
    const log = await openAuditLog({ path, rotateBytes: 300 }, { clock: systemClock, disk })
    await log.append(sample(0))
    fail(fault)
    for (let round = 0; round < 2; round++) {
      await expect(log.append(sample(1))).rejects.toMatchObject({ code: 'auditlog.write-failed' })
    }
    fail('none')
    await log.append(sample(2))
    await log.close()
    expect(await verifyLog({ path })).toEqual({ ok: true, entries: 3, firstBad: null, head: 'match' })
  })

  it('cuts at the next start what a failing disk did not let it cut', async () => {
    const path = await freshPath()
    const { disk, fail } = faultyDisk()
    const log = await openAuditLog({ path }, { clock: systemClock, disk })
    await log.append(sample(0))
    fail('no cut')
    await expect(log.append(sample(1))).rejects.toMatchObject({ code: 'auditlog.write-failed' })
    await log.close()
    const next = await openAuditLog({ path }, { clock: systemClock })
    await next.close()
    expect((JSON.parse((await linesIn(path)).at(-1)!) as Entry).reason).toMatch(/^log recovered: cut \d+ bytes/)
    expect(await verifyLog({ path })).toMatchObject({ ok: true, entries: 2 })
  })

  it('answers no at once when too much waits for a slow disk', async () => {
    const path = await freshPath()
    let release = (): void => {}
    const stuck = new Promise<void>((resolve) => (release = resolve))
    const disk: Disk = {
      ...systemDisk,
      open(name, more) {
        const file = systemDisk.open(name, more)
        return { ...file, sync: () => stuck.then(() => file.sync()) }
      },
    }
    const log = await openAuditLog({ path }, { clock: systemClock, disk })
    const long = sample(0, { input_summary: 'x'.repeat(20_000) })
    const answers: Promise<unknown>[] = []
    const codeOf = (error: { code: string }): string => error.code
    for (let i = 0; i < 1000; i++) answers.push(log.append(long).then(() => 'written', codeOf))
    release()
    const codes = await Promise.all(answers)
    expect(new Set(codes)).toEqual(new Set(['written', 'auditlog.queue-full']))
    await log.close()
    const written = codes.filter((code) => code === 'written').length
    expect(await verifyLog({ path })).toMatchObject({ ok: true, entries: written })
  })
})
