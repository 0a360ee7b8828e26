import { HardshellError, nearest } from '../base/index.ts'
import { settingLines } from '../openclaw/index.ts'
import { severities, type Check, type Severity } from './check.ts'
import { originOf } from './config-origins.ts'
import { fingerprints } from './fingerprint.ts'
import { gather, notGiven, unseenOf, type Gathered } from './gather.ts'
import { gradeOf, type Grade } from './grade.ts'
import type { Difference } from './history.ts'
import { judge, type Finding, type Judged, type UnknownAnswer } from './judge.ts'
import { mergeNative } from './native-merge.ts'
import type { NativeJudge } from './native-output.ts'
import type { NativeAnswer } from './native.ts'
import { findCheck, misspelt } from './registry.ts'
import { shownEvidence } from './shown-evidence.ts'
import type { Subject } from './subject.ts'
import { suppress, type Suppression } from './suppression.ts'
import type { Unseen } from './unseen.ts'

/** A finding as reports tell it. */
export interface ReportedFinding extends Finding {
  source: 'hardshell' | 'openclaw'
  /** Which of OpenClaw's judges says it, where only OpenClaw does. */
  judge: NativeJudge | null
  /** Ids under which OpenClaw's own judges told the same this time. */
  also: readonly string[]
  /** Checks of ours that looked at the same and were satisfied; only for what OpenClaw alone says. */
  contradicts: readonly string[]
  /** Stays the same from run to run. */
  fingerprint: string
  /** The file `at` lies in, and the line where it is known. */
  file: string | null
  line: number | null
}

/** An OpenClaw package that lies where one is looked for, set up or not. */
export interface InstalledProgram {
  path: string
  version: string
}

export interface AuditReport {
  grade: Grade
  /** ISO 8601, UTC. */
  time: string
  /** Reading and judging, our own checks alone. */
  tookMs: number
  installation: { config: string | null; stateDir: string | null; openclaw: string | null; guarded: boolean; machine: 'this' | 'given' | null; program: InstalledProgram | null }
  /** Further installations that were seen and not judged. */
  others: readonly string[]
  /** What counts, by severity. */
  counts: Readonly<Record<Severity, number>>
  findings: readonly ReportedFinding[]
  suppressed: readonly (ReportedFinding & { suppression: Suppression })[]
  /** Suppressions that have ended and whose findings count again. */
  expired: readonly Suppression[]
  /** Suppressions for which nothing was found. */
  unused: readonly Suppression[]
  unknown: readonly UnknownAnswer[]
  /** Checks about what was not handed over. */
  notAsked: readonly UnknownAnswer[]
  /** Where there was too much to look at all of it. Checks that rest on it did not pass. */
  leftOut: readonly Unseen[]
  /** Places of openclaw.json that could not be understood. */
  problems: readonly { at: string; message: string }[]
  passed: readonly string[]
  skipped: readonly string[]
  native: readonly Pick<NativeAnswer, 'judge' | 'unknown' | 'tookMs'>[]
  /** To the last audit of the same subject; `null` when none is remembered. */
  difference: Difference | null
}

export interface AuditRequest {
  checks: readonly Check[]
  suppressions: readonly Suppression[]
  others: readonly string[]
  /** What is broken in files somebody named is an error, and otherwise an unknown. */
  named: boolean
}

/** What was seen and judged; `reported` makes a report of it, once without and once with OpenClaw's own answers. */
export interface Audited {
  subject: Subject
  request: AuditRequest
  gathered: Gathered
  judged: Judged
  notAsked: readonly UnknownAnswer[]
  lineOf: (place: string) => number | null
  tookMs: number
}

/**
 * Reads the facts the checks need and puts the checks to them. Writes nothing.
 * @throws HardshellError `posture.broken-config` when the file that was named cannot be understood at all
 */
export async function audit(subject: Subject, request: AuditRequest): Promise<Audited> {
  const started = performance.now()
  const gathered = await gather(subject, request.checks.flatMap(({ needs }) => needs))
  const { config } = gathered
  if (request.named && subject.config !== null && config?.known === false) throw broken(subject.config, config.why)
  const notAsked = request.checks.flatMap((check) => {
    const why = notGiven(check, gathered)
    return why === null ? [] : [{ id: check.id, why }]
  })
  const without = new Set(notAsked.map(({ id }) => id))
  const judged = judge(request.checks.filter(({ id }) => !without.has(id)), gathered)
  const text = subject.config === null || judged.findings.length === 0 ? null : await subject.files.text(subject.config).catch(() => null)
  return { subject, request, gathered, judged, notAsked, lineOf: text === null ? () => null : settingLines(text), tookMs: Math.round(performance.now() - started) }
}

/** The report, with what OpenClaw's own judges said so far. Pure. */
export function reported(audited: Audited, answers: readonly NativeAnswer[] = []): AuditReport {
  const { subject, request, gathered, judged } = audited
  const merged = mergeNative(judged.findings, answers.flatMap(({ findings }) => findings), { checks: request.checks, passed: judged.passed })
  const all = [
    ...merged.findings.map((finding) => ({ ...finding, source: 'hardshell' as const, judge: null, contradicts: [] as readonly string[] })),
    ...merged.native.map((finding) => ({ ...finding, source: 'openclaw' as const, fixable: false, covers: [], also: [] as readonly string[] })),
  ]
  const names = fingerprints(all)
  const placed = all.map((finding, index) => ({ ...finding, fingerprint: names[index]!, ...placeOf(finding, audited) }))
  const sorted = suppress(placed.sort(worstFirst), request.suppressions, subject.now, answeredIn(audited, answers))
  const { config } = gathered
  return {
    grade: gradeOf(sorted.counted, judged.unknown.length),
    time: new Date(subject.now).toISOString(),
    tookMs: audited.tookMs,
    installation: {
      config: subject.config,
      stateDir: subject.stateDir,
      openclaw: config?.known ? config.value.version : null,
      guarded: subject.guard !== null,
      machine: subject.host === null ? null : subject.host.live ? 'this' : 'given',
      program: programOf(gathered),
    },
    others: request.others,
    counts: countsOf(sorted.counted),
    findings: sorted.counted,
    suppressed: sorted.suppressed,
    expired: sorted.expired,
    unused: sorted.unused,
    unknown: judged.unknown,
    notAsked: audited.notAsked.map(({ id, why }) => ({ id, why: shownEvidence(why) })),
    leftOut: unseenOf(gathered).map((one) => ({ ...one, at: shownEvidence(one.at) })),
    problems: config?.known ? config.value.problems.map(({ at, message }) => ({ at: shownEvidence(at), message: shownEvidence(message) })) : [],
    passed: judged.passed,
    skipped: judged.skipped,
    native: answers.map(({ judge: by, unknown, tookMs }) => ({ judge: by, unknown, tookMs })),
    difference: null,
  }
}

function programOf({ runningVersions }: Gathered): InstalledProgram | null {
  const first = runningVersions?.known ? runningVersions.value.installed[0] : undefined
  return first === undefined ? null : { path: first.path, version: first.version }
}

/** What was asked and answered this time. An id of OpenClaw's own counts once its judges were heard, a misspelt one at once. */
function answeredIn({ judged }: Audited, answers: readonly NativeAnswer[]): (id: string) => boolean {
  const answered = new Set([...judged.passed, ...judged.skipped, ...judged.findings.map(({ id }) => id)])
  const heard = answers.length > 0 && answers.every(({ unknown }) => unknown === null)
  return (id) => answered.has(id) || (findCheck(id) === null && (heard || misspelt(id) !== null))
}

/** How many of each severity. */
export function countsOf(findings: readonly { severity: Severity }[]): Record<Severity, number> {
  const counts = Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<Severity, number>
  for (const { severity } of findings) counts[severity]++
  return counts
}

/** Whether `severity` is `least` or worse. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(least)
}

export interface Choice {
  area?: string | undefined
  /** Ids, comma-separated lists already split. */
  only: readonly string[]
}

/** The checks a person asked for, all of them by default. @throws HardshellError `posture.unknown-check` with the nearest name */
export function chooseChecks(all: readonly Check[], { area, only }: Choice): readonly Check[] {
  const areas = new Set(all.map(({ id }) => areaOf(id)))
  if (area !== undefined && !areas.has(area)) throw unknownName('area', area, areas)
  const ids = new Set(all.map(({ id }) => id))
  for (const id of only) if (!ids.has(id)) throw unknownName('check', id, ids)
  return all.filter(({ id }) => (area === undefined || areaOf(id) === area) && (only.length === 0 || only.includes(id)))
}

export function areaOf(id: string): string {
  return id.slice(0, id.indexOf('.'))
}

function unknownName(what: string, name: string, names: Iterable<string>): HardshellError {
  const near = nearest(name, names)
  return new HardshellError('posture.unknown-check', `there is no ${what} ${name}${near === null ? '' : `: did you mean ${near}?`}`, { hint: 'hardshell security checks' })
}

function broken(path: string, why: string): HardshellError {
  return new HardshellError('posture.broken-config', why.includes(path) ? why : `${path}: ${why}`, { hint: 'openclaw config validate, which names the place too' })
}

function worstFirst(a: ReportedFinding, b: ReportedFinding): number {
  const bySeverity = severities.indexOf(a.severity) - severities.indexOf(b.severity)
  if (bySeverity !== 0) return bySeverity
  return a.id < b.id ? -1 : a.id > b.id ? 1 : a.at < b.at ? -1 : a.at > b.at ? 1 : 0
}

/** `/etc/ssh/sshd_config:12` and settings of openclaw.json have a file; a socket, an account or a service has none. */
function placeOf({ id, at }: Pick<Finding, 'id' | 'at'>, { subject, request, gathered, lineOf }: Audited): { file: string | null; line: number | null } {
  const path = /^(\/[^:]*?)(?::(\d+))?$/.exec(at)
  if (path) return { file: path[1]!, line: path[2] === undefined ? null : Number(path[2]) }
  if (subject.config === null || at === id) return { file: null, line: null }
  const origin = originOf(gathered.config?.known ? gathered.config.value.origins : [], at.split('.'))
  if (origin.file !== null) return { file: origin.file, line: null }
  const line = lineOf(origin.from.join('.'))
  if (line !== null) return { file: subject.config, line }
  // A setting that is not there: the file is where it would be.
  const needs = request.checks.find((check) => check.id === id)?.needs ?? []
  return { file: needs.length === 1 && needs[0] === 'config' && /^[a-z]\w*(\.[\w*-]+)*$/i.test(at) ? subject.config : null, line: null }
}
