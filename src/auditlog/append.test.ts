import { hash } from 'node:crypto'
import { appendFile, readdir, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Secret, type Clock } from '../base/index.ts'
import { maxLineBytes } from './body.ts'
import type { Entry, NewEntry } from './entry.ts'
import { freshPath, linesIn, openSample, sample, writeSample } from './sample-log.fixture.ts'
import { listSegments } from './segments.ts'
import { verifyLog } from './verify.ts'

const noon: Clock = { now: () => Date.UTC(2026, 1, 10, 12), monotonicMs: () => 0 }

describe('appending', () => {
  it('writes seq first, timestamp second, prev_hash last', async () => {
    const path = await freshPath()
    const log = await openSample(path, { clock: noon })
    await log.append(sample(0, { detail: { n: 1 } }))
    const entry = JSON.parse((await linesIn(path))[0]!) as Entry
    expect(Object.keys(entry).slice(0, 2)).toEqual(['seq', 'timestamp'])
    expect(Object.keys(entry).at(-1)).toBe('prev_hash')
    const prev_hash = `sha256:${'0'.repeat(64)}`
    expect(entry).toMatchObject({ seq: 0, timestamp: '2026-02-10T12:00:00.000Z', prev_hash })
  })

  it('chains every line to the whole line before it', async () => {
    const path = await freshPath()
    await writeSample(path, 20)
    const lines = await linesIn(path)
    for (const [i, line] of lines.entries()) {
      const previous = i === 0 ? '0'.repeat(64) : hash('sha256', lines[i - 1]!, 'hex')
      expect((JSON.parse(line) as Entry).prev_hash).toBe(`sha256:${previous}`)
    }
  })

  it('gives a receipt with the place and the digest of the line', async () => {
    const path = await freshPath()
    const log = await openSample(path)
    await log.append(sample(0))
    const receipt = await log.append(sample(1))
    expect(receipt).toEqual({ seq: 1, hash: `sha256:${hash('sha256', (await linesIn(path))[1]!, 'hex')}` })
    expect(log.head()).toEqual(receipt)
  })

  it('acknowledges a hundred thousand entries of 256 writers, each in its place', async () => {
    const path = await freshPath()
    const log = await openSample(path, { rotateBytes: 4_000_000 })
    const seqs: number[] = []
    const writer = async (name: number): Promise<void> => {
      let last = -1
      for (let i = 0; i < 391; i++) {
        const { seq } = await log.append(sample(i, { agent_id: `agent-${name}` }))
        if (seq <= last) throw new Error(`writer ${name} was given ${seq} after ${last}`)
        seqs.push((last = seq))
      }
    }
    await Promise.all(Array.from({ length: 256 }, (_, name) => writer(name)))
    expect(seqs).toEqual(Array.from({ length: 256 * 391 }, (_, i) => i))
    expect(await verifyLog({ path })).toEqual({ ok: true, entries: 256 * 391, firstBad: null, head: 'match' })
  }, 60_000)

  it('goes on with seq and chain after a restart', async () => {
    const path = await freshPath()
    await writeSample(path, 3)
    const log = await openSample(path)
    expect(log.head()?.seq).toBe(2)
    expect((await log.append(sample(3))).seq).toBe(3)
    expect(await verifyLog({ path })).toMatchObject({ ok: true, entries: 4 })
  })

  it('flushes what is queued when it is closed, and takes nothing afterwards', async () => {
    const path = await freshPath()
    const log = await openSample(path)
    const queued = log.append(sample(0))
    await log.close()
    expect((await queued).seq).toBe(0)
    await expect(log.append(sample(1))).rejects.toMatchObject({ code: 'auditlog.closed' })
    await log.close()
  })

  it('resolves flush when everything before it is on the disk', async () => {
    const path = await freshPath()
    const log = await openSample(path)
    for (let i = 0; i < 10; i++) void log.append(sample(i))
    await log.flush()
    expect(log.head()?.seq).toBe(9)
    expect(await linesIn(path)).toHaveLength(10)
  })

  it('keeps its files from everybody else', async () => {
    const path = await freshPath()
    await writeSample(path, 30, 2000)
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700)
    const names = await readdir(dirname(path))
    const modes = await Promise.all(names.map(async (name) => (await stat(`${dirname(path)}/${name}`)).mode & 0o777))
    expect(new Set(modes)).toEqual(new Set([0o600]))
    expect(names.length).toBeGreaterThan(3)
  })
})

describe('what an entry may hold', () => {
  it('makes newlines, control characters and half surrogates harmless', async () => {
    const path = await freshPath()
    const log = await openSample(path)
    const hostile = 'a\nb\r\u0000\u2028\ud800","seq":7,"prev_hash":"'
    await log.append(sample(0, { input_summary: hostile }))
    expect(await linesIn(path)).toHaveLength(1)
    expect(await verifyLog({ path })).toMatchObject({ ok: true, entries: 1 })
    expect((JSON.parse((await linesIn(path))[0]!) as Entry).input_summary).toBe(hostile)
  })

  it('cuts texts that make a line too long, and says how much it cut', async () => {
    const path = await freshPath()
    const log = await openSample(path)
    await log.append(sample(0, { input_summary: 'ä'.repeat(100_000), detail: { body: 'b'.repeat(100_000), n: 1 } }))
    const line = (await linesIn(path))[0]!
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(maxLineBytes)
    expect(line).toContain('…[cut 91808 characters]')
    expect((JSON.parse(line) as Entry).detail?.['n']).toBe(1)
  })

  it('counts the keys of a detail that cannot be cut', async () => {
    const path = await freshPath()
    const log = await openSample(path)
    const detail = Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`key-${i}`, i]))
    await log.append(sample(0, { detail }))
    expect((JSON.parse((await linesIn(path))[0]!) as Entry).detail).toEqual({ cut: 'detail of 9000 keys' })
  })

  it('refuses what is no JSON and leaves the chain where it was', async () => {
    const path = await freshPath()
    const log = await openSample(path)
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    const refused = log.append(sample(0, { detail: circular as NewEntry['detail'] }))
    await expect(refused).rejects.toMatchObject({ code: 'auditlog.entry-invalid' })
    expect((await log.append(sample(1))).seq).toBe(0)
  })

  it('keeps place, time and predecessor for itself', async () => {
    const path = await freshPath()
    const log = await openSample(path, { clock: noon })
    await log.append({ ...sample(0), seq: 99, timestamp: 'never', prev_hash: 'sha256:mine' } as NewEntry)
    expect(await verifyLog({ path })).toMatchObject({ ok: true, entries: 1 })
    expect((await linesIn(path))[0]).not.toMatch(/99|never|mine/)
  })

  it('does not write a secret', async () => {
    const path = await freshPath()
    const log = await openSample(path)
    const value = ['sk', 'live', '1234567890'].join('-')
    await log.append(sample(0, { detail: { key: new Secret(value) } as unknown as NewEntry['detail'] }))
    expect((await linesIn(path))[0]).toContain('"key":"[redacted]"')
  })
})

describe('rotation', () => {
  it('names segments by their first entry and keeps the chain across them', async () => {
    const path = await freshPath()
    await writeSample(path, 50, 2000)
    const segments = await listSegments(path)
    expect(segments.length).toBeGreaterThan(3)
    for (const segment of segments) {
      expect((JSON.parse((await linesIn(segment.path))[0]!) as Entry).seq).toBe(segment.firstSeq)
      expect((await stat(segment.path)).size).toBeLessThanOrEqual(2000)
      expect(await verifyLog({ file: segment.path })).toMatchObject({ ok: true, head: 'absent' })
    }
    expect(segments[1]!.path).toMatch(/audit\.log\.\d{12}$/)
    expect(await verifyLog({ path })).toEqual({ ok: true, entries: 50, firstBad: null, head: 'match' })
  })

  it('goes on after a crash between renaming and creating', async () => {
    const path = await freshPath()
    await writeSample(path, 5)
    await rename(path, `${path}.000000000000`)
    const log = await openSample(path)
    expect((await log.append(sample(5))).seq).toBe(5)
    expect(await verifyLog({ path })).toEqual({ ok: true, entries: 6, firstBad: null, head: 'match' })
  })
})

describe('a log that is touched while it is written', () => {
  it('refuses to go on behind bytes that are not its own', async () => {
    const path = await freshPath()
    const log = await openSample(path)
    await log.append(sample(0))
    await appendFile(path, 'x')
    await expect(log.append(sample(1))).rejects.toMatchObject({
      code: 'auditlog.write-failed',
      message: expect.stringContaining('changed by somebody else'),
    })
  })

  it('refuses to go on in a file that was moved away', async () => {
    const path = await freshPath()
    const log = await openSample(path)
    await log.append(sample(0))
    await rename(path, `${path}.old`)
    await expect(log.append(sample(1))).rejects.toMatchObject({ code: 'auditlog.write-failed' })
    await rename(`${path}.old`, path)
    await log.append(sample(2))
    const [, note, entry] = await linesIn(path)
    expect((JSON.parse(note!) as Entry).reason).toBe('log writable again: 1 entries were refused meanwhile')
    expect((JSON.parse(entry!) as Entry).input_summary).toBe('query 2')
  })
})
