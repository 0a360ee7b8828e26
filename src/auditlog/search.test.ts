import { appendFile, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { NewEntry } from './entry.ts'
import type { AuditQuery } from './match.ts'
import { freshPath, linesIn, openSample, sample, writeLines, writeSample } from './sample-log.fixture.ts'
import { searchLog } from './search.ts'
import { listSegments } from './segments.ts'
import { tailEntries } from './tail.ts'

const day = 86_400_000

async function found(path: string, query: AuditQuery): Promise<number[]> {
  const seqs: number[] = []
  for await (const entry of searchLog({ path }, query)) seqs.push(entry.seq)
  return seqs
}

/** One entry a day, in small segments. */
async function logOf(entries: NewEntry[]): Promise<string> {
  const path = await freshPath()
  let today = 0
  const log = await openSample(path, { rotateBytes: 700, clock: { now: () => today * day, monotonicMs: () => 0 } })
  for (const entry of entries) {
    await log.append(entry)
    today += 1
  }
  await log.close()
  return path
}

const entries: NewEntry[] = [
  sample(0, { user: 'operator', session: 's1', trace_id: 'a'.repeat(32) }),
  sample(1, { agent_id: 'other', event_type: 'auth_event', user: 'ci_token:hs_Ab12' }),
  sample(2, { tool: 'exec', detail: { key_prefix: 'key-Ab12' } }),
  sample(3, { tool: 'exec', reason: 'said "No" to\nÄrger' }),
  sample(4, { agent_id: 'other', session: 's1' }),
  sample(5, { event_type: 'auth_event', target: 'POST /daily_report' }),
]

describe('searching', () => {
  it.each<[AuditQuery, number[]]>([
    [{}, [0, 1, 2, 3, 4, 5]],
    [{ agent: 'other' }, [1, 4]],
    [{ agent: 'oth' }, []],
    [{ user: 'operator' }, [0]],
    [{ type: 'auth_event' }, [1, 5]],
    [{ tool: 'exec' }, [2, 3]],
    [{ session: 's1', agent: 'other' }, [4]],
    [{ trace: 'a'.repeat(32) }, [0]],
    [{ since: 2 * day }, [2, 3, 4, 5]],
    [{ until: 2 * day }, [0, 1, 2]],
    [{ since: 2 * day, until: 3 * day }, [2, 3]],
    [{ text: 'QUERY 3' }, [3]],
    [{ text: '"no" to\nä' }, [3]],
    [{ text: 'agent_id' }, []],
    [{ keyPrefix: 'key-Ab' }, [2]],
    [{ keyPrefix: 'key-Ab12-and-more' }, [2]],
    [{ keyPrefix: 'hs_Ab12' }, [1]],
    [{ limit: 2 }, [0, 1]],
    [{ limit: 0 }, []],
    [{ newestFirst: true }, [5, 4, 3, 2, 1, 0]],
    [{ newestFirst: true, limit: 1, agent: 'other' }, [4]],
  ])('for %j finds %j', async (query, seqs) => {
    expect(await found(await logOf(entries), query)).toEqual(seqs)
  })

  it('finds nothing in a log that is not there', async () => {
    expect(await found(await freshPath(), {})).toEqual([])
  })

  it('does not open segments that were over before the time asked for', async () => {
    const path = await logOf(entries)
    const [first, second] = await listSegments(path)
    // The second one's first line bounds the first one: damage in there goes unseen.
    await writeFile(first!.path, 'no entry at all\n')
    expect(await found(path, { since: (second!.firstSeq + 1) * day })).toContain(5)
    await expect(found(path, {})).rejects.toMatchObject({ code: 'auditlog.chain-broken' })
  })

  it('tells of lines it cannot read, and goes on when it is listened to', async () => {
    const path = await freshPath()
    await writeSample(path, 5)
    const lines = await linesIn(path)
    await writeLines(path, lines.with(2, '{"seq":2,'))
    const unreadable: unknown[] = []
    const seqs: number[] = []
    const listen = { unreadable: (line: unknown) => void unreadable.push(line) }
    for await (const entry of searchLog({ path }, {}, listen)) seqs.push(entry.seq)
    expect(seqs).toEqual([0, 1, 3, 4])
    expect(unreadable).toEqual([{ file: path, byte: lines[0]!.length + lines[1]!.length + 2 }])
  })

  it('leaves out a line that is still being written', async () => {
    const path = await freshPath()
    await writeSample(path, 2)
    await appendFile(path, '{"seq":2,"time')
    expect(await found(path, {})).toEqual([0, 1])
    expect(await found(path, { newestFirst: true })).toEqual([1, 0])
  })

  it('reads the same backwards over more than one block', async () => {
    const path = await freshPath()
    const log = await openSample(path)
    const summaries = Array.from({ length: 4000 }, (_, i) => 'ü'.repeat(i % 97))
    await Promise.all(summaries.map((result_summary, i) => log.append(sample(i, { result_summary }))))
    await log.close()
    const forward = await found(path, {})
    expect(forward).toHaveLength(4000)
    expect(await found(path, { newestFirst: true })).toEqual(forward.toReversed())
  })
})

describe('the tail', () => {
  it('is the last entries, oldest first, across segments', async () => {
    const path = await logOf(entries)
    expect((await tailEntries(path, 4)).map((entry) => entry.seq)).toEqual([2, 3, 4, 5])
    expect(await tailEntries(path, 100)).toHaveLength(6)
    expect(await tailEntries(await freshPath(), 3)).toEqual([])
  })
})
