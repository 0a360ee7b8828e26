import { z } from 'zod'
import { severities, type Severity } from './check.ts'
import { gradeOf, type Grade } from './grade.ts'

const grades = ['A', 'B', 'C', 'D', 'F'] as const satisfies readonly Grade[]

// What of `security audit --json` is looked at here. Whoever wrote the report is not trusted: its machine may be lost.
const reportShape = z.object({
  version: z.literal(1),
  grade: z.enum(grades),
  time: z.iso.datetime(),
  counts: z.record(z.enum(severities), z.int().min(0)),
  findings: z.array(z.object({ id: z.string().max(200), title: z.string().max(500), severity: z.enum(severities), at: z.string().max(4096), fingerprint: z.string().max(200) })).max(100_000),
  unknown: z.array(z.unknown()).max(100_000),
})

/** One report of one installation. */
export interface FleetReport extends Omit<z.infer<typeof reportShape>, 'version' | 'unknown'> {
  installation: string
  /** Checks nobody could answer. */
  unknown: number
}

/** A place of a finding. */
export type FleetFinding = Pick<FleetReport['findings'][number], 'id' | 'severity' | 'at'>

/** How one installation stands by its newest report. */
export interface FleetRow {
  installation: string
  grade: Grade
  /** Of its reports, oldest first, ten at most. */
  course: readonly Grade[]
  /** When the newest report was made, ISO 8601. */
  time: string
  /** It is older than reports may be: what has become of the installation since is unknown. */
  stale: boolean
  counts: Readonly<Record<Severity, number>>
  unknown: number
  /** When the report before was made; `null`: there is none, and nothing is new or fixed. */
  since: string | null
  new: readonly FleetFinding[]
  fixed: readonly FleetFinding[]
}

/** One posture view of many installations. */
export interface Fleet {
  /** ISO 8601. */
  time: string
  /** The worst first. */
  installations: readonly FleetRow[]
  /** Of those that were expected. */
  neverReported: readonly string[]
  /** What several installations have in common, most of them first. */
  common: readonly { id: string; title: string; severity: Severity; installations: readonly string[] }[]
  /** Day by day, as far as there are reports: how many installations had which grade, and of how many nobody knew. */
  days: readonly { day: string; grades: Readonly<Record<Grade, number>>; stale: number }[]
}

/** @returns the report, or why the text is none. Pure */
export function fleetReport(text: string, installation: string, nowMs: number): FleetReport | string {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return 'it is no JSON'
  }
  const parsed = reportShape.safeParse(json)
  if (!parsed.success) return `it is no report of \`security audit --json\`: ${parsed.error.issues[0]!.path.join('.') || 'the document'} is not as it should be`
  const { version: _, unknown, ...report } = parsed.data
  if (Date.parse(report.time) > nowMs + clockSkewMs) return `its time, ${report.time}, has not come yet`
  return { ...report, ...atLeastFound(report, unknown.length), installation, unknown: unknown.length }
}

/** A report may leave out findings of little weight, and says so by its counts; better than its findings it is not. */
function atLeastFound({ grade, counts, findings }: Pick<FleetReport, 'grade' | 'counts' | 'findings'>, unknown: number): Pick<FleetReport, 'grade' | 'counts'> {
  const found = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length
  const own = gradeOf(findings, unknown)
  return {
    grade: own > grade ? own : grade,
    counts: Object.fromEntries(severities.map((severity) => [severity, Math.max(counts[severity], found(severity))])) as Record<Severity, number>,
  }
}

// Clocks differ. A report from further ahead would be the newest one for as long.
const clockSkewMs = 86_400_000
const shownGrades = 10
const shownDays = 14
const dayMs = 86_400_000

/**
 * Puts reports together. An installation is judged by its newest report; one that is older than `maxAgeMs` is not taken
 * for what there is now. Pure.
 */
export function fleetOf(reports: readonly FleetReport[], { nowMs, maxAgeMs, expected }: { nowMs: number; maxAgeMs: number; expected: readonly string[] }): Fleet {
  const byName = Map.groupBy(reports.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time)), ({ installation }) => installation)
  const each = [...byName.values()]
  const rows = each.map((own) => rowOf(own, nowMs - maxAgeMs))
  return {
    time: new Date(nowMs).toISOString(),
    installations: rows.toSorted(worstFirst),
    neverReported: [...new Set(expected)].filter((name) => !byName.has(name)).sort(),
    common: commonOf(each.map((own) => own.at(-1)!)),
    days: daysOf(each, { nowMs, maxAgeMs }),
  }
}

/** @param own of one installation, oldest first */
function rowOf(own: readonly FleetReport[], oldestMs: number): FleetRow {
  const [last, before] = [own.at(-1)!, own.at(-2)]
  const { installation, grade, time, counts, unknown } = last
  return {
    installation,
    grade,
    course: own.slice(-shownGrades).map((report) => report.grade),
    time,
    stale: Date.parse(time) < oldestMs,
    counts,
    unknown,
    since: before?.time ?? null,
    new: before ? without(last, before) : [],
    fixed: before ? without(before, last) : [],
  }
}

/** What one report found and the other did not. */
function without({ findings }: FleetReport, other: FleetReport): FleetFinding[] {
  const known = new Set(other.findings.map(({ fingerprint }) => fingerprint))
  return findings.filter(({ fingerprint }) => !known.has(fingerprint)).map(({ id, severity, at }) => ({ id, severity, at }))
}

function worstFirst(a: FleetRow, b: FleetRow): number {
  const byGrade = b.grade.localeCompare(a.grade)
  const bySeverity = severities.map((severity) => b.counts[severity] - a.counts[severity]).find((difference) => difference !== 0) ?? 0
  return byGrade || bySeverity || a.installation.localeCompare(b.installation)
}

function commonOf(newest: readonly FleetReport[]): Fleet['common'] {
  const found = new Map<string, { title: string; severity: Severity; installations: Set<string> }>()
  for (const { installation, findings } of newest) {
    for (const { id, title, severity } of findings) {
      const one = found.get(id) ?? { title, severity, installations: new Set() }
      one.installations.add(installation)
      found.set(id, one)
    }
  }
  return [...found]
    .filter(([, { installations }]) => installations.size > 1)
    .map(([id, { installations, ...one }]) => ({ id, ...one, installations: [...installations].sort() }))
    .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || b.installations.length - a.installations.length || a.id.localeCompare(b.id))
}

/** @param each the reports of each installation, oldest first */
function daysOf(each: readonly (readonly FleetReport[])[], { nowMs, maxAgeMs }: { nowMs: number; maxAgeMs: number }): Fleet['days'] {
  const days = [...new Set(each.flat().map(({ time }) => new Date(time).toISOString().slice(0, 10)))].sort().slice(-shownDays)
  return days.map((day) => {
    const endMs = Date.parse(day) + dayMs
    const oldestMs = Math.min(endMs, nowMs) - maxAgeMs // of today as much has passed as has passed
    const counted: Record<Grade, number> = { A: 0, B: 0, C: 0, D: 0, F: 0 }
    let stale = 0
    for (const own of each) {
      const then = own.findLast(({ time }) => Date.parse(time) < endMs)
      if (then === undefined) continue
      if (Date.parse(then.time) < oldestMs) stale++
      else counted[then.grade]++
    }
    return { day, grades: counted, stale }
  })
}
