import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { freshPath, linesIn, openSample, sample, writeLines, writeSample } from './sample-log.fixture.ts'
import { searchLog } from './search.ts'
import { tailEntries } from './tail.ts'
import { verifyLog } from './verify.ts'

describe('opening after a crash', () => {
  it('cuts half a line, says so, and goes on with seq and chain', async () => {
    const path = await freshPath()
    await writeSample(path, 3)
    await appendFile(path, '{"seq":3,"timest')
    const log = await openSample(path)
    expect((await log.append(sample(4))).seq).toBe(4)
    const [note] = (await tailEntries(path, 2)).slice(0, 1)
    const reason = 'log recovered: cut 16 bytes of an unacknowledged line'
    expect(note).toMatchObject({ event_type: 'lifecycle', reason })
    expect(await verifyLog({ path })).toEqual({ ok: true, entries: 5, firstBad: null, head: 'match' })
  })

  it('cuts half of the very first line', async () => {
    const path = await freshPath()
    await writeSample(path, 0)
    await appendFile(path, '{"seq":0')
    await openSample(path)
    expect(await verifyLog({ path })).toMatchObject({ ok: true, entries: 1 })
  })

  it('cuts half of the first line behind a rotation', async () => {
    const path = await freshPath()
    await writeSample(path, 5, 1200)
    await writeLines(path, [])
    await rm(`${path}.head`)
    await appendFile(path, '{"seq"')
    const log = await openSample(path)
    const last = (await log.append(sample(9))).seq
    expect(await verifyLog({ path })).toMatchObject({ ok: true, entries: last + 1 })
  })

  it('keeps whole lines that were not acknowledged', async () => {
    const path = await freshPath()
    await writeSample(path, 3)
    const lagging = await readFile(`${path}.head`)
    await writeSample(path, 2)
    await writeFile(`${path}.head`, lagging)
    expect((await openSample(path)).head()?.seq).toBe(4)
    expect(await verifyLog({ path })).toMatchObject({ ok: true, head: 'match' })
  })

  it('records that its head record was gone', async () => {
    const path = await freshPath()
    await writeSample(path, 3)
    await rm(`${path}.head`)
    await openSample(path)
    const [note] = await tailEntries(path, 1)
    expect(note).toMatchObject({ severity: 'high', reason: expect.stringContaining('without its head') })
  })

  it.each([
    ['the last line is no entry', (lines: string[]) => lines.with(-1, 'hello'), 'not valid JSON'],
    ['the last line has another form', (lines: string[]) => lines.with(-1, '{"seq":2}'), 'does not begin with'],
    ['lines are missing from the end', (lines: string[]) => lines.slice(0, 1), 'ends at seq 0, its head record says 2'],
    ['the last line was edited', (lines: string[]) => lines.with(-1, lines[2]!.replace('query', 'x')), 'not the one'],
  ])('refuses to go on when %s, and leaves everything as it was', async (_, change, reason) => {
    const path = await freshPath()
    await writeSample(path, 3)
    await writeLines(path, change(await linesIn(path)))
    const before = [await readFile(path), await readFile(`${path}.head`)]
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(openSample(path)).rejects.toMatchObject({
        code: 'auditlog.chain-broken',
        message: expect.stringContaining(reason),
        hint: expect.stringContaining('audit verify'),
      })
    }
    expect([await readFile(path), await readFile(`${path}.head`)]).toEqual(before)
  })

  it('refuses to go on behind a finished segment that was cut', async () => {
    const path = await freshPath()
    await writeSample(path, 3)
    await writeFile(`${path}.000000000000`, (await readFile(path)).subarray(0, -20))
    await truncate(path)
    await expect(openSample(path)).rejects.toMatchObject({ code: 'auditlog.chain-broken' })
  })
})

describe('a writer that is killed', () => {
  it('loses nothing it acknowledged, three times in a row', async () => {
    const path = await freshPath()
    const acknowledged: number[] = []
    for (let round = 0; round < 3; round++) acknowledged.push(...(await killAfter(path, 2000)))
    const log = await openSample(path)
    await log.close()
    expect(await verifyLog({ path })).toMatchObject({ ok: true, firstBad: null, head: 'match' })
    const found = new Set<number>()
    for await (const { seq } of searchLog({ path }, {})) found.add(seq)
    expect(acknowledged.length).toBeGreaterThanOrEqual(6000)
    expect(acknowledged.filter((seq) => !found.has(seq))).toEqual([])
  }, 60_000)

  it('leaves a log that verifies before anybody opens it again, but for the half line', async () => {
    const path = await freshPath()
    await killAfter(path, 500)
    const { ok, firstBad } = await verifyLog({ path })
    expect(ok || firstBad?.reason === 'last line has no newline').toBe(true)
  }, 60_000)
})

/** Runs a writer in a process of its own and kills it once it has printed so many acknowledgements. */
async function killAfter(path: string, count: number): Promise<number[]> {
  const script = fileURLToPath(new URL('./kill-victim.fixture.ts', import.meta.url))
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
    if (printed.split('\n').length > count + 1) child.kill('SIGKILL')
  })
  await once(child, 'close')
  // The last number may be printed in part.
  return printed.slice(0, printed.lastIndexOf('\n')).split('\n').map(Number)
}

