import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Severity } from './check.ts'
import { collectReports } from './fleet-reports.ts'
import { fleetOf, fleetReport, type FleetReport } from './fleet.ts'

const nowMs = Date.parse('2026-11-22T12:00:00Z')
const dayMs = 86_400_000
const root = mkdtempSync(join(tmpdir(), 'hardshell-fleet-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

interface Given {
  daysAgo?: number
  grade?: string
  found?: readonly (readonly [Severity, string])[]
  more?: object
}

/** As `security audit --json` writes it. */
function document({ daysAgo = 0, grade = 'A', found = [], more = {} }: Given = {}): string {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 }
  const findings = found.map(([severity, id]) => {
    counts[severity]++
    return { id, title: `about ${id}`, severity, at: 'gateway.bind', fingerprint: id, evidence: 'x', want: 'y' }
  })
  return JSON.stringify({ version: 1, grade, time: new Date(nowMs - daysAgo * dayMs).toISOString(), counts, findings, unknown: [], passed: [], ...more })
}

function report(installation: string, given: Given): FleetReport {
  const read = fleetReport(document(given), installation, nowMs)
  if (typeof read === 'string') throw new Error(read)
  return read
}

const put = (reports: readonly FleetReport[], expected: readonly string[] = []): ReturnType<typeof fleetOf> => fleetOf(reports, { nowMs, maxAgeMs: 7 * dayMs, expected })

describe('many installations', () => {
  it('are judged by their newest report, the worst first, with what came and went since the one before', () => {
    const fleet = put([
      report('b', { daysAgo: 0, grade: 'D', found: [['high', 'new'], ['low', 'old']] }),
      report('b', { daysAgo: 1, grade: 'B', found: [['low', 'old'], ['low', 'gone']] }),
      report('a', { grade: 'A' }),
      report('c', { grade: 'D', found: [['high', 'x'], ['high', 'y']] }),
    ])
    expect(fleet.installations.map(({ installation, grade, course }) => [installation, grade, course.join('')])).toEqual([['c', 'D', 'D'], ['b', 'D', 'BD'], ['a', 'A', 'A']])
    expect(fleet.installations[1]).toMatchObject({ new: [{ id: 'new', severity: 'high', at: 'gateway.bind' }], fixed: [{ id: 'gone' }], since: '2026-11-21T12:00:00.000Z', stale: false })
    expect(fleet.installations[0]).toMatchObject({ new: [], fixed: [], since: null })
  })

  it('that are silent are told: stale, or never heard of', () => {
    const fleet = put([report('quiet', { daysAgo: 8 }), report('fresh', { daysAgo: 6 })], ['fresh', 'lost', 'lost'])
    expect(fleet.installations.map(({ installation, stale }) => [installation, stale])).toEqual([['fresh', false], ['quiet', true]])
    expect(fleet.neverReported).toEqual(['lost'])
  })

  it('show what they have in common, the gravest first', () => {
    const fleet = put([
      report('a', { found: [['low', 'often'], ['critical', 'twice'], ['high', 'once']] }),
      report('b', { found: [['low', 'often'], ['critical', 'twice']] }),
      report('c', { found: [['low', 'often']] }),
      report('c', { daysAgo: 2, found: [['high', 'once']] }), // mended since
    ])
    expect(fleet.common).toEqual([
      { id: 'twice', title: 'about twice', severity: 'critical', installations: ['a', 'b'] },
      { id: 'often', title: 'about often', severity: 'low', installations: ['a', 'b', 'c'] },
    ])
  })

  it('are counted day by day, each by what was known of it then', () => {
    const fleet = put([report('a', { daysAgo: 10, grade: 'F' }), report('a', { daysAgo: 1, grade: 'B' }), report('b', { daysAgo: 10, grade: 'C' })])
    const none = { A: 0, B: 0, C: 0, D: 0, F: 0 }
    expect(fleet.days).toEqual([
      { day: '2026-11-12', grades: { ...none, F: 1, C: 1 }, stale: 0 },
      { day: '2026-11-21', grades: { ...none, B: 1 }, stale: 1 },
    ])
    const today = put([report('a', { daysAgo: 6.7 }), report('b', {})])
    expect([today.days.at(-1), today.installations.some(({ stale }) => stale)]).toEqual([{ day: '2026-11-22', grades: { ...none, A: 2 }, stale: 0 }, false])
  })
})

describe('a report', () => {
  it.each([
    ['no JSON', 'it is no JSON'],
    ['{}', 'version is not as it should be'],
    ['[]', 'the document is not as it should be'],
    [document({ grade: 'Z' }), 'grade is not as it should be'],
    [document({ more: { findings: [{ id: 7 }] } }), 'findings.0.id is not as it should be'],
    [document({ more: { time: 'yesterday' } }), 'time is not as it should be'],
    [document({ daysAgo: -2 }), 'has not come yet'],
  ])('is refused with a reason: %s', (text, why) => {
    expect(fleetReport(text, 'a', nowMs)).toContain(why)
  })

  it('is no better than its own findings, whatever it says of itself', () => {
    const counts = { critical: 0, high: 0, medium: 0, low: 3, info: 0 }
    expect(report('a', { found: [['critical', 'x']], more: { grade: 'A', counts } })).toMatchObject({ grade: 'F', counts: { critical: 1, low: 3 } })
    expect(report('a', { more: { unknown: [{ id: 'x', why: 'y' }] } }).grade).toBe('B')
  })
})

describe('reports in a folder', () => {
  it('belong to the folder they lie in, or to the name before a date', async () => {
    const folder = join(root, 'names')
    mkdirSync(join(folder, 'web-1'), { recursive: true })
    for (const name of ['web-1/anything.json', 'web-2.json', 'web-3-2026-11-21.json', 'web-3_20261122T0300Z.json', 'web-3.2026-11-22T03:00:00Z.json', 'notes.txt']) writeFileSync(join(folder, name), document())
    const { reports, unusable } = await collectReports(folder, nowMs)
    expect(reports.map(({ installation }) => installation).sort()).toEqual(['web-1', 'web-2', 'web-3', 'web-3', 'web-3'])
    expect(unusable).toEqual([])
  })

  it('keep the findings of the two newest of each, which are all that is compared', async () => {
    const folder = join(root, 'many')
    mkdirSync(folder)
    for (const daysAgo of [3, 0, 2, 1]) writeFileSync(join(folder, `web-2026-11-2${daysAgo}.json`), document({ daysAgo, grade: 'D', found: [['high', `of ${daysAgo}`]] }))
    const { reports } = await collectReports(folder, nowMs)
    expect(reports.map(({ findings }) => findings.map(({ id }) => id))).toEqual([['of 0'], ['of 1'], [], []])
    expect(put(reports).installations).toMatchObject([{ course: ['D', 'D', 'D', 'D'], new: [{ id: 'of 0' }], fixed: [{ id: 'of 1' }] }])
  })

  it('that cannot be read are named; links and pipes are not followed or waited for', async () => {
    const folder = join(root, 'odd')
    mkdirSync(folder)
    writeFileSync(join(folder, 'broken.json'), '{"version":1')
    symlinkSync('/etc/passwd', join(folder, 'link.json'))
    execFileSync('mkfifo', [join(folder, 'pipe.json')])
    expect(await collectReports(folder, nowMs)).toEqual({ reports: [], unusable: [{ file: join(folder, 'broken.json'), why: 'it is no JSON' }] })
    await expect(collectReports(join(folder, 'none'), nowMs)).rejects.toMatchObject({ code: 'posture.missing' })
    await expect(collectReports(join(folder, 'broken.json'), nowMs)).rejects.toMatchObject({ code: 'posture.unreadable' })
  })
})
