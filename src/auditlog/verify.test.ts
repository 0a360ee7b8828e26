import { appendFile, copyFile, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { freshPath, linesIn, openSample, sample, writeLines, writeSample } from './sample-log.fixture.ts'
import { listSegments } from './segments.ts'
import { verifyLog } from './verify.ts'

const count = 12

/** A log of twelve entries, its lines tampered with. */
async function tampered(change: (lines: string[]) => string[]): Promise<string> {
  const path = await freshPath()
  await writeSample(path, count)
  await writeLines(path, change(await linesIn(path)))
  return path
}

describe('verifying a sound log', () => {
  it('says so, and that the head record agrees', async () => {
    const path = await tampered((lines) => lines)
    expect(await verifyLog({ path })).toEqual({ ok: true, entries: count, firstBad: null, head: 'match' })
  })

  it('takes a copied file without head record as it is', async () => {
    const path = await tampered((lines) => lines)
    await copyFile(path, `${path}-copy`)
    const found = await verifyLog({ file: `${path}-copy` })
    expect(found).toEqual({ ok: true, entries: count, firstBad: null, head: 'absent' })
  })

  it('takes the first line of a later segment at its word', async () => {
    const path = await tampered((lines) => lines)
    await writeLines(`${path}-copy`, (await linesIn(path)).slice(5))
    expect(await verifyLog({ file: `${path}-copy` })).toMatchObject({ ok: true, entries: count - 5 })
  })

  it('accepts a head record that lags', async () => {
    const path = await freshPath()
    await writeSample(path, 3)
    const lagging = await readFile(`${path}.head`)
    await writeSample(path, 3)
    await writeFile(`${path}.head`, lagging)
    expect(await verifyLog({ path })).toEqual({ ok: true, entries: 6, firstBad: null, head: 'ahead' })
  })

  it('verifies a log that is being written', async () => {
    const path = await freshPath()
    const log = await openSample(path, { rotateBytes: 20_000 })
    let isOver = false
    const writing = (async () => {
      for (let i = 0; !isOver; i++) await log.append(sample(i))
    })()
    for (let round = 0; round < 20; round++) {
      expect(await verifyLog({ path })).toMatchObject({ ok: true, firstBad: null })
    }
    isOver = true
    await writing
  })

  it('has an answer for an empty log, and an error for none', async () => {
    const path = await freshPath()
    await expect(verifyLog({ path })).rejects.toMatchObject({ code: 'auditlog.not-found' })
    await writeSample(path, 0)
    expect(await verifyLog({ path })).toEqual({ ok: true, entries: 0, firstBad: null, head: 'match' })
  })
})

describe('what is no log', () => {
  it('is said to be none, a pipe that nobody writes into too', async () => {
    const pipe = await freshPath()
    await mkdir(dirname(pipe), { recursive: true })
    execFileSync('mkfifo', [pipe])
    await expect(verifyLog({ file: pipe })).rejects.toMatchObject({ code: 'auditlog.not-found', message: expect.stringContaining('is not a file') })
    await expect(verifyLog({ file: dirname(pipe) })).rejects.toMatchObject({ code: 'auditlog.not-found' })
  })
})

describe('a tampered log', () => {
  it('is found out wherever one byte is changed, and the changed line is named', async () => {
    const path = await freshPath()
    await writeSample(path, count)
    const sound = await readFile(path)
    await fc.assert(
      fc.asyncProperty(fc.nat(sound.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const bytes = Buffer.from(sound)
        bytes[at]! ^= flip
        await writeFile(path, bytes)
        const { ok, firstBad } = await verifyLog({ path })
        const line = sound.subarray(0, at).toString('latin1').split('\n').length
        expect({ ok, line: firstBad?.line, file: firstBad?.file }).toEqual({ ok: false, line, file: path })
      }),
      { numRuns: 400 },
    )
  })

  it.each([
    ['an edited text', 4, 4, 'its hash is not', (l: string[]) => l.with(3, l[3]!.replace('query 3', 'query 8'))],
    ['a removed line', 4, 4, 'entries are missing', (l: string[]) => l.toSpliced(3, 1)],
    ['two swapped lines', 4, 4, 'or moved', (l: string[]) => l.with(3, l[4]!).with(4, l[3]!)],
    ['a repeated line', 5, 5, 'repeated', (l: string[]) => l.toSpliced(3, 0, l[3]!)],
    ['a blank line', 4, 4, 'blank line', (l: string[]) => l.toSpliced(3, 0, '')],
    ['a line of something else', 4, 4, 'not valid JSON', (l: string[]) => l.toSpliced(3, 0, 'hello')],
    ['a removed first line', 1, 1, 'seq 0 expected, 1 found', (l: string[]) => l.slice(1)],
    ['a changed prev_hash', 4, 4, 'prev_hash is not the hash', (l: string[]) => l.with(3, zeroed(l[3]!))],
    ['a changed prev_hash at the very end', 12, 12, 'prev_hash is not', (l: string[]) => l.with(11, zeroed(l[11]!))],
    ['a changed first prev_hash', 1, 1, 'be zeros', (l: string[]) => l.with(0, l[0]!.replace('sha256:0', 'sha256:1'))],
    ['an edited last line', 12, 12, 'not the one in', (l: string[]) => l.with(11, l[11]!.replace('11"', '99"'))],
    ['an edited last but one', 11, 11, 'its hash is not', (l: string[]) => l.with(10, l[10]!.replace('10"', '99"'))],
    ['a key behind prev_hash', 4, 4, 'not the last key', (l: string[]) => l.with(3, l[3]!.replace(/\}$/, ',"x":1}'))],
  ])('with %s is found out at line %i', async (_, line, atLine, reason, change) => {
    const path = await tampered(change)
    const found = await verifyLog({ path })
    expect(found.ok).toBe(false)
    expect(found.firstBad).toMatchObject({ file: path, line: atLine })
    expect(found.firstBad?.reason).toContain(reason)
    expect(found.entries).toBe(line - 1)
  })

  it('is found out when a forged line stands in the chain with the right place and predecessor', async () => {
    const path = await tampered((lines) => lines.with(5, lines[5]!.replace('daily_report', 'someone_else')))
    expect((await verifyLog({ path })).firstBad).toMatchObject({ line: 6, seq: 5 })
  })

  it('is found out when the chain was made anew behind the forgery', async () => {
    const path = await tampered((lines) => rechained(lines.with(5, lines[5]!.replace('daily_report', 'someone_else'))))
    const found = await verifyLog({ path })
    expect(found).toMatchObject({ ok: false, head: 'differs', firstBad: { line: count, seq: count - 1 } })
  })

  it('is found out when whole lines are missing from the end', async () => {
    const path = await tampered((lines) => lines.slice(0, 9))
    const found = await verifyLog({ path })
    expect(found).toMatchObject({ ok: false, head: 'short', entries: 9, firstBad: { line: 10, seq: 9 } })
    expect(found.firstBad?.reason).toBe('entries 9 to 11 are missing from the end')
  })

  it('is found out when the whole file was emptied', async () => {
    const path = await tampered(() => [])
    expect(await verifyLog({ path })).toMatchObject({ ok: false, head: 'short', firstBad: { line: 1, seq: 0 } })
    expect(await verifyLog({ file: path })).toMatchObject({ ok: false, head: 'short' })
  })

  it('is found out when its file was removed but not its head record', async () => {
    const path = await tampered((lines) => lines)
    await rm(path)
    expect(await verifyLog({ path })).toMatchObject({ ok: false, head: 'short', entries: 0 })
  })

  it('is found out when half of the last line is missing', async () => {
    const path = await tampered((lines) => lines)
    await truncate(path, (await readFile(path)).length - 40)
    const { firstBad } = await verifyLog({ path })
    expect(firstBad).toEqual({ file: path, line: count, seq: null, reason: 'last line has no newline' })
  })

  it('is found out when only the last newline is missing', async () => {
    const path = await tampered((lines) => lines)
    await truncate(path, (await readFile(path)).length - 1)
    expect((await verifyLog({ path })).firstBad).toMatchObject({ line: count, reason: 'last line has no newline' })
  })

  it('is found out when the head record was removed or damaged', async () => {
    const path = await tampered((lines) => lines)
    await writeFile(`${path}.head`, '{}')
    const firstBad = { file: `${path}.head`, line: 0 }
    expect(await verifyLog({ path })).toMatchObject({ ok: false, head: 'unreadable', firstBad })
    await rm(`${path}.head`)
    expect(await verifyLog({ path })).toMatchObject({ ok: false, head: 'absent', firstBad })
  })

  it('names a line that is not UTF-8', async () => {
    const path = await freshPath()
    const log = await openSample(path)
    await log.append(sample(0, { input_summary: 'é' }))
    await log.append(sample(1))
    await log.close()
    const bytes = await readFile(path)
    bytes[bytes.indexOf(0xc3)] = 0xff
    await writeFile(path, bytes)
    expect((await verifyLog({ path })).firstBad).toMatchObject({ line: 1, reason: 'not valid UTF-8' })
  })

  it('is not read into memory for the sake of one endless line', async () => {
    const path = await tampered((lines) => lines)
    await appendFile(path, 'x'.repeat(3_000_000))
    const { firstBad } = await verifyLog({ path })
    expect(firstBad).toMatchObject({ line: count + 1, reason: expect.stringContaining('longer than') })
  })
})

describe('a log of several segments', () => {
  it.each([
    ['first', 0],
    ['middle', 2],
    ['last finished', -1],
  ])('is found out when its %s segment is missing', async (_, index) => {
    const path = await freshPath()
    await writeSample(path, 40, 2000)
    const segments = await listSegments(path)
    await rm(segments.at(index)!.path)
    const { ok, firstBad } = await verifyLog({ path })
    const next = [...segments.map((segment) => segment.path), path][segments.indexOf(segments.at(index)!) + 1]
    expect(ok).toBe(false)
    expect(firstBad).toMatchObject({ file: next, line: 1, reason: expect.stringContaining('entries are missing') })
  })

  it('names file and line of a change before a border', async () => {
    const path = await freshPath()
    await writeSample(path, 40, 2000)
    const [, second] = await listSegments(path)
    const lines = await linesIn(second!.path)
    await writeLines(second!.path, lines.with(-1, lines.at(-1)!.replace('daily_report', 'someone_else')))
    expect((await verifyLog({ path })).firstBad).toMatchObject({ file: second!.path, line: lines.length })
  })

  it('ignores files that only look alike', async () => {
    const path = await freshPath()
    await writeSample(path, 5)
    await mkdir(join(dirname(path), 'audit.log.d'))
    await writeFile(`${path}.gz`, 'x')
    expect(await verifyLog({ path })).toMatchObject({ ok: true, entries: 5 })
  })
})

function zeroed(line: string): string {
  return line.replace(/[0-9a-f]{64}"\}$/, `${'0'.repeat(64)}"}`)
}

/** What somebody with the run of the directory would do. */
function rechained(lines: string[]): string[] {
  let previous = '0'.repeat(64)
  return lines.map((line) => {
    const next = line.replace(/[0-9a-f]{64}"\}$/, `${previous}"}`)
    previous = hash('sha256', next, 'hex')
    return next
  })
}
