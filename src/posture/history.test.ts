import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fingerprints } from './fingerprint.ts'
import { appendHistory, differenceTo, readHistory, type HistoryEntry } from './history.ts'

const counts = { critical: 0, high: 1, medium: 0, low: 0, info: 0 }
const entry = (time: string, ids: readonly string[], subject = 'this'): HistoryEntry => {
  const findings = ids.map((id) => ({ id, at: 'somewhere' }))
  const names = fingerprints(findings)
  return { time, subject, grade: 'D', counts, findings: findings.map((one, index) => ({ fingerprint: names[index]!, ...one })) }
}

describe('the difference to the last audit', () => {
  it('names what is new, what is fixed, and counts what stayed', () => {
    const difference = differenceTo([entry('2026-01-01', ['a.a', 'b.b'])], entry('2026-01-02', ['b.b', 'c.c']))
    expect(difference).toEqual({ since: '2026-01-01', grade: 'D', new: [{ id: 'c.c', at: 'somewhere' }], fixed: [{ id: 'a.a', at: 'somewhere' }], unchanged: 1 })
  })

  it('is to the last audit of the same subject, and none where there was none', () => {
    const other = entry('2026-01-03', ['x.x'], 'other')
    expect(differenceTo([entry('2026-01-01', []), other], entry('2026-01-04', []))?.since).toBe('2026-01-01')
    expect(differenceTo([other], entry('2026-01-04', []))).toBeNull()
  })
})

describe('fingerprints', () => {
  it('stay when a line moves, and tell two lines of one file apart', () => {
    expect(fingerprints([{ id: 'a.b', at: '/etc/x:1' }])).toEqual(fingerprints([{ id: 'a.b', at: '/etc/x:9' }]))
    const two = fingerprints([{ id: 'a.b', at: '/etc/x:1' }, { id: 'a.b', at: '/etc/x:2' }])
    expect(new Set(two).size).toBe(2)
    expect(fingerprints([{ id: 'a.c', at: '/etc/x:1' }])).not.toEqual([two[0]])
  })
})

describe('the file of earlier audits', () => {
  it('is readable by its owner alone, is appended to, and keeps only so many', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'history-')), 'guard', 'history.jsonl')
    for (let day = 10; day < 35; day++) await appendHistory(path, entry(`${day}`, []), { earlier: await readHistory(path), keep: 10 })
    const kept = (await readHistory(path)).map(({ time }) => time)
    expect(kept.length).toBeLessThanOrEqual(11)
    expect(kept.at(-1)).toBe('34')
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('reads on behind a line that was cut short', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'history-')), 'history.jsonl')
    writeFileSync(path, `{"time":"1","sub\n${JSON.stringify(entry('2', []))}\nnull\n`)
    expect((await readHistory(path)).map(({ time }) => time)).toEqual(['2'])
    expect(readFileSync(path, 'utf8')).toContain('null')
    expect(await readHistory(`${path}.none`)).toEqual([])
  })
})
