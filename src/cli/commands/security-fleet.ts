import { resolve } from 'node:path'
import { HardshellError, parseDuration } from '../../base/index.ts'
import { collectReports, fleetOf, isAtLeast, plain, safeJson, severities, type CollectedReports, type Fleet, type FleetRow, type Severity } from '../../posture/index.ts'
import { columns, type Terminal } from '../terminal.ts'

interface FleetOptions {
  json?: unknown
  maxAge?: unknown
  expect?: unknown
  minSeverity?: unknown
}

/**
 * `hardshell security fleet FOLDER`: exit 0 when every installation has reported lately and nothing is found at or above the
 * threshold, else 1.
 */
export async function securityFleet(folder: string, options: FleetOptions, terminal: Terminal): Promise<number> {
  const nowMs = Date.now()
  const expected = String(options.expect ?? '').split(',').map((name) => name.trim()).filter((name) => name !== '')
  const collected = await collectReports(resolve(terminal.cwd, folder), nowMs)
  const fleet = fleetOf(collected.reports, { nowMs, maxAgeMs: maxAgeOf(options), expected })
  if (fleet.installations.length === 0 && collected.unusable.length === 0) {
    throw new HardshellError('posture.missing', `${folder} holds no reports`, { hint: `${terminal.self} security audit --format json --out ${folder}/NAME.json on each installation` })
  }
  const least = (options.minSeverity ?? 'low') as Severity
  const ok = isQuiet(fleet, collected, least)
  terminal.out(options.json === true ? safeJson({ version: 1, ok, ...fleet, unusable: collected.unusable }) : page(fleet, collected, terminal))
  return ok ? 0 : 1
}

function maxAgeOf({ maxAge }: FleetOptions): number {
  const ms = parseDuration(String(maxAge))
  if (ms !== null && ms > 0) return ms
  throw new HardshellError('cli.usage', `--max-age ${plain(String(maxAge))} is no time`, { hint: '--max-age 2d' })
}

function isQuiet({ installations, neverReported }: Fleet, { unusable }: CollectedReports, least: Severity): boolean {
  if (neverReported.length > 0 || unusable.length > 0) return false
  const counting = severities.filter((severity) => isAtLeast(severity, least))
  return installations.every(({ stale, counts }) => !stale && counting.every((severity) => counts[severity] === 0))
}

// More than fit on a screen are in the JSON.
const shownCommon = 10
const shownNew = 5

function page(fleet: Fleet, { unusable }: CollectedReports, terminal: Terminal): string {
  const { paint } = terminal
  const { installations, neverReported, common, days } = fleet
  const of = installations.length
  return [
    '',
    paint('bold', `${of} installation${of === 1 ? '' : 's'}`),
    columns([['', 'grade', 'course', ...severities, 'unknown', 'new', 'fixed', 'as of'].map((word) => paint('dim', word)), ...installations.map((row) => rowOf(row, terminal))]),
    ...newOf(installations, terminal),
    ...(neverReported.length > 0 ? ['', `${paint('red', 'Never reported')}: ${neverReported.map(plain).join(', ')}`] : []),
    ...(unusable.length > 0 ? ['', paint('red', 'Files that are no reports'), ...unusable.map(({ file, why }) => `  ${plain(file)}: ${plain(why)}`)] : []),
    ...(common.length > 0 ? ['', paint('bold', 'In common'), columns(common.slice(0, shownCommon).map(({ id, title, severity, installations: those }) => [`  ${severity}`, `${those.length} of ${of}`, plain(id), paint('dim', plain(title))]))] : []),
    ...(common.length > shownCommon ? [`  and ${common.length - shownCommon} more: --json`] : []),
    '',
    paint('bold', 'Day by day'),
    columns([['', 'A', 'B', 'C', 'D', 'F', 'stale'].map((word) => paint('dim', word)), ...days.map(({ day, grades, stale }) => [`  ${day}`, ...Object.values(grades).map(count), count(stale)])]),
    '',
  ].join('\n')
}

function rowOf({ installation, grade, course, counts, unknown, since, new: fresh, fixed, time, stale }: FleetRow, { paint }: Terminal): string[] {
  const asOf = time.slice(0, 16).replace('T', ' ')
  return [
    `  ${plain(installation)}`,
    grade === 'F' || grade === 'D' ? paint('red', grade) : grade,
    course.join(''),
    ...severities.map((severity) => (severity === 'critical' && counts.critical > 0 ? paint('red', String(counts.critical)) : count(counts[severity]))),
    count(unknown),
    since === null ? 'first' : count(fresh.length),
    count(fixed.length),
    stale ? paint('red', `${asOf}, stale: what it is now is unknown`) : asOf,
  ]
}

function newOf(installations: readonly FleetRow[], { paint }: Terminal): string[] {
  const fresh = installations.flatMap(({ installation, new: own }) => own.filter(({ severity }) => severity === 'critical' || severity === 'high').map((one) => ({ installation, ...one })))
  if (fresh.length === 0) return []
  const rows = fresh.slice(0, shownNew).map(({ installation, severity, id, at }) => [`  ${severity}`, plain(installation), plain(id), paint('dim', plain(at))])
  return ['', paint('red', 'New since the report before'), columns(rows), ...(fresh.length > shownNew ? [`  and ${fresh.length - shownNew} more: --json`] : [])]
}

function count(number: number): string {
  return number === 0 ? '·' : String(number)
}
