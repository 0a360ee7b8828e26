import { appendFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { followLog, type FollowFrom } from './follow.ts'
import { freshPath, openSample, sample, writeSample } from './sample-log.fixture.ts'
import { listSegments } from './segments.ts'

/** Follows until an entry's place is reached; gives every place it was told of. */
async function followUntil(path: string, from: FollowFrom, lastSeq: number): Promise<number[]> {
  const seqs: number[] = []
  for await (const { seq } of followLog({ path, from }, AbortSignal.timeout(20_000))) {
    seqs.push(seq)
    if (seq === lastSeq) break
  }
  return seqs
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

describe('following', () => {
  it('loses and repeats nothing across many rotations under many writers', async () => {
    const path = await freshPath()
    const fromStart = followUntil(path, 'start', 4999)
    const log = await openSample(path, { rotateBytes: 20_000 })
    const writer = async (): Promise<void> => {
      for (let i = 0; i < 100; i++) await log.append(sample(i))
    }
    await Promise.all(Array.from({ length: 50 }, writer))
    expect((await listSegments(path)).length).toBeGreaterThan(20)
    expect(await fromStart).toEqual(range(0, 4999))
  }, 30_000)

  it.each<[FollowFrom, number[]]>([
    ['start', range(0, 59)],
    [0, range(0, 59)],
    [33, range(33, 59)],
    [55, range(55, 59)],
  ])('begins at %s', async (from, seqs) => {
    const path = await freshPath()
    await writeSample(path, 50, 2000)
    const told = followUntil(path, from, 59)
    await writeSample(path, 10, 2000)
    expect(await told).toEqual(seqs)
  })

  it('begins at the end, and goes on without a gap', async () => {
    const path = await freshPath()
    await writeSample(path, 50, 2000)
    const log = await openSample(path, { rotateBytes: 2000 })
    const stop = new AbortController()
    const seqs: number[] = []
    const following = (async () => {
      for await (const { seq } of followLog({ path }, stop.signal)) if (seqs.push(seq) === 20) stop.abort()
    })()
    for (let i = 50; !stop.signal.aborted; i++) await log.append(sample(i))
    await following
    expect(seqs[0]).toBeGreaterThanOrEqual(50)
    expect(seqs).toEqual(range(seqs[0]!, seqs[0]! + 19))
  })

  it('waits for a log that is not there yet', async () => {
    const path = await freshPath()
    const told = followUntil(path, 'end', 1)
    await writeSample(path, 2)
    expect(await told).toEqual([0, 1])
  })

  it('ends when it is told to', async () => {
    const path = await freshPath()
    await writeSample(path, 3)
    const stop = new AbortController()
    const seqs: number[] = []
    for await (const { seq } of followLog({ path, from: 'start' }, stop.signal)) {
      seqs.push(seq)
      if (seq === 1) stop.abort()
    }
    expect(seqs).toEqual([0, 1])
    const waiting = followLog({ path, from: 'end' }, AbortSignal.timeout(20))
    expect(await waiting.next()).toEqual({ done: true, value: undefined })
  })

  it('hands out half a line only once it is whole', async () => {
    const path = await freshPath()
    await writeSample(path, 2)
    await appendFile(path, '{"seq":2,"time')
    const told = followUntil(path, 'start', 3)
    await writeSample(path, 1)
    expect(await told).toEqual([0, 1, 2, 3])
  })

  it('stops at a line that is no entry', async () => {
    const path = await freshPath()
    await writeSample(path, 2)
    await appendFile(path, 'hello\n')
    await expect(followUntil(path, 'start', 5)).rejects.toMatchObject({ code: 'auditlog.chain-broken' })
  })

  it('says when the log does not reach back so far', async () => {
    const path = await freshPath()
    await writeSample(path, 2)
    await expect(followUntil(path, -1, 5)).rejects.toMatchObject({ code: 'auditlog.not-found' })
  })
})
