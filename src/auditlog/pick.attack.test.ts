import { readFile, rm, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { listSegments } from './segments.ts'
import { pickEntries } from './pick.ts'
import { freshPath, linesIn, writeLines, writeSample } from './sample-log.fixture.ts'

/** Picks every tool call, until the last one there is. */
async function pickAll(path: string, from: number, lastSeq: number): Promise<{ seqs: number[]; broken: number }> {
  const seqs: number[] = []
  let broken = 0
  const onBroken = (): void => void broken++
  for await (const { entries } of pickEntries({ path, from, types: ['tool_call'], everyMs: 5, onBroken }, AbortSignal.timeout(20_000))) {
    seqs.push(...entries.map(({ seq }) => seq))
    if (seqs.at(-1) === lastSeq) break
  }
  return { seqs, broken }
}

describe('following a log somebody wrote into', () => {
  it('passes over lines that are no entries, and misses none around them', async () => {
    const path = await freshPath()
    await writeSample(path, 6)
    const lines = await linesIn(path)
    await writeLines(path, [lines[0]!, 'not an entry', lines[1]!, lines[2]!.slice(0, -9), ...lines.slice(3)])
    expect(await pickAll(path, 0, 5)).toEqual({ seqs: [0, 1, 3, 4, 5], broken: 2 })
  })

  it('passes over a line without end, also in a file that is finished', async () => {
    const path = await freshPath()
    await writeSample(path, 200, 20_000)
    const [first] = await listSegments(path)
    const text = await readFile(first!.path, 'utf8')
    const [one, ...rest] = text.split('\n')
    await writeFile(first!.path, [one, 'x'.repeat(1_000_000), ...rest].join('\n'))
    const { seqs, broken } = await pickAll(path, 0, 199)
    expect(seqs).toEqual(Array.from({ length: 200 }, (_, seq) => seq))
    expect(broken).toBeGreaterThan(0)
  })

  it('tells that a part of it is gone, in place of waiting for it without end', async () => {
    const path = await freshPath()
    await writeSample(path, 300, 20_000)
    const segments = await listSegments(path)
    expect(segments.length).toBeGreaterThan(2)
    await rm(segments[1]!.path)
    const reading = pickAll(path, segments[1]!.firstSeq + 1, 299)
    await expect(reading).rejects.toMatchObject({ code: 'auditlog.chain-broken' })
  })

  it('waits for a log that is not there, and for what was not written', async () => {
    const path = await freshPath()
    const picked: number[] = []
    const until = new AbortController()
    const picking = (async () => {
      for await (const { entries } of pickEntries({ path, from: 0, types: ['tool_call'], everyMs: 5 }, until.signal)) picked.push(...entries.map(({ seq }) => seq))
    })()
    await new Promise((resolve) => setTimeout(resolve, 500)) // far more looks than a hole is given
    await writeSample(path, 1)
    await expect.poll(() => picked, { timeout: 20_000 }).toEqual([0])
    await new Promise((resolve) => setTimeout(resolve, 500))
    until.abort()
    await picking
    expect(picked).toEqual([0])
  })
})
