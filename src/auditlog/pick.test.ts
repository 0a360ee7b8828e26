import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { NewEntry } from './entry.ts'
import type { FollowFrom } from './follow.ts'
import { pickEntries } from './pick.ts'
import { freshPath, openSample, sample, writeSample } from './sample-log.fixture.ts'
import { listSegments } from './segments.ts'

// A busy machine is no reason to fail.
const soon = { timeout: 20_000 }

const alert = (reason: string): NewEntry => ({ event_type: 'alert', severity: 'high', rule: 'a.rule', reason })

/** Picks alerts until the place of `lastSeq` was passed. @returns their reasons, and every place that was told */
async function pickUntil(path: string, from: FollowFrom, lastSeq: number): Promise<{ reasons: unknown[]; places: number[] }> {
  const reasons: unknown[] = []
  const places: number[] = []
  for await (const { entries, nextSeq } of pickEntries({ path, from, types: ['alert'], everyMs: 10 }, AbortSignal.timeout(20_000))) {
    reasons.push(...entries.map(({ reason }) => reason))
    places.push(nextSeq)
    if (nextSeq > lastSeq) break
  }
  return { reasons, places }
}

describe('picking a few kinds of entries', () => {
  it('loses and repeats none across many rotations under many writers', async () => {
    const path = await freshPath()
    const picked = pickUntil(path, 'start', 4999)
    const log = await openSample(path, { rotateBytes: 20_000 })
    const writer = async (who: number): Promise<void> => {
      for (let i = 0; i < 100; i++) await log.append(i % 10 === 0 ? alert(`${who}/${i}`) : sample(i))
    }
    await Promise.all(Array.from({ length: 50 }, (_, who) => writer(who)))
    expect((await listSegments(path)).length).toBeGreaterThan(20)
    const { reasons, places } = await picked
    expect(reasons.length).toBe(500)
    expect(new Set(reasons).size).toBe(500)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  }, 30_000)

  it('tells how far it got where there is nothing to pick, and goes on from there', async () => {
    const path = await freshPath()
    await writeSample(path, 5000, 100_000)
    const { reasons, places } = await pickUntil(path, 'start', 4999)
    expect(reasons).toEqual([])
    const log = await openSample(path)
    await log.append(alert('late'))
    expect((await pickUntil(path, places.at(-1)!, 5000)).reasons).toEqual(['late'])
    await log.close()
  })

  it('needs no later entry to see the last one', async () => {
    const path = await freshPath()
    const log = await openSample(path)
    const stop = new AbortController()
    const reasons: unknown[] = []
    const picking = (async () => {
      for await (const { entries } of pickEntries({ path, from: 0, types: ['alert'], everyMs: 10 }, stop.signal)) reasons.push(...entries.map(({ reason }) => reason))
    })()
    for (const reason of ['one', 'two', 'three']) {
      await log.append(alert(reason))
      await expect.poll(() => reasons.at(-1), soon).toBe(reason)
    }
    stop.abort()
    await picking
    await log.close()
  })

  it('begins within a block it could pass over, and takes no text for an entry', async () => {
    const path = await freshPath()
    const log = await openSample(path)
    for (const reason of ['one', 'two', 'three']) await log.append(alert(reason))
    await log.append({ event_type: 'message', reason: '{"event_type":"alert"}', detail: { event_type: 'alert' } })
    expect((await pickUntil(path, 1, 3)).reasons).toEqual(['two', 'three'])
    await log.close()
  })

  it('hands out nothing the writer could still take back', async () => {
    const path = await freshPath()
    const log = await openSample(path)
    await log.append(alert('there to stay'))
    // As a writer leaves it whose sync is under way: the line is there, the head record is not.
    const [line] = (await readFile(path, 'utf8')).split('\n')
    await appendFile(path, `${line!.replace('"seq":0', '"seq":1').replace('there to stay', 'not yet')}\n`)
    const picked: unknown[] = []
    const until = AbortSignal.timeout(500)
    for await (const { entries } of pickEntries({ path, from: 0, types: ['alert'], everyMs: 10 }, until)) picked.push(...entries.map(({ reason }) => reason))
    expect(picked).toEqual(['there to stay'])
    await log.close().catch(() => undefined) // the log finds that somebody else wrote
  })

  it('does not go on past a block that ends in no entry', async () => {
    const path = await freshPath()
    await writeSample(path, 20)
    await writeFile(path, `${await readFile(path, 'utf8')}not an entry\n`)
    await expect(pickUntil(path, 'start', 30)).rejects.toMatchObject({ code: 'auditlog.chain-broken' })
  })
})
