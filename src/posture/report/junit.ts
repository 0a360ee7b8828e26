import type { AuditReport, ReportedFinding } from '../audit.ts'
import { areaOf } from '../audit.ts'
import { markup } from './escape.ts'

interface Case {
  id: string
  /** What stands inside the test case, as XML; nothing is a pass. */
  inner: string
  kind: 'passed' | 'failed' | 'skipped' | 'unknown'
}

/**
 * The report for build servers, in the shape Jenkins and GitLab read: a suite for each area, a case for each check;
 * what does not apply, was not asked or is suppressed is skipped, what could not be read is an error.
 */
export function junit(report: AuditReport): string {
  const cases = casesOf(report)
  const areas = [...new Set(cases.map(({ id }) => areaOf(id)))].sort()
  const suites = areas.map((area) => suite(area, cases.filter(({ id }) => areaOf(id) === area), report.time))
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="hardshell security audit" ${countsOf(cases)} time="${report.tookMs / 1000}">\n${suites.join('')}</testsuites>\n`
}

function casesOf({ findings, suppressed, unknown, notAsked, skipped, passed }: AuditReport): Case[] {
  const failing = [...new Set(findings.map(({ id }) => id))]
  const accepted = suppressed.filter(({ id }) => !failing.includes(id))
  const skip = (why: string): string => `<skipped message="${markup(why)}"/>`
  return [
    ...failing.map((id): Case => ({ id, kind: 'failed', inner: failure(findings.filter((one) => one.id === id)) })),
    ...accepted.map(({ id, suppression }): Case => ({ id, kind: 'skipped', inner: skip(`accepted until ${suppression.expires} by ${suppression.owner}: ${suppression.reason}`) })),
    ...unknown.map(({ id, why }): Case => ({ id, kind: 'unknown', inner: `<error message="${markup(why)}" type="unknown"/>` })),
    ...notAsked.map(({ id, why }): Case => ({ id, kind: 'skipped', inner: skip(`not asked: ${why}`) })),
    ...skipped.map((id): Case => ({ id, kind: 'skipped', inner: skip('does not apply here') })),
    ...passed.map((id): Case => ({ id, kind: 'passed', inner: '' })),
  ].filter(({ id }, index, all) => all.findIndex((one) => one.id === id) === index)
}

/** One for all places of a check: some readers show the first alone. */
function failure(places: readonly ReportedFinding[]): string {
  const [first, ...more] = places
  const lines = places.map(({ at, file, line, evidence, want }) => {
    const where = file === null || at.startsWith(file) ? at : `${at} (${file}${line === null ? '' : `:${line}`})`
    return markup(`${where}: ${evidence}; should be ${want}`)
  })
  const message = `${first!.at}: ${first!.evidence}${more.length === 0 ? '' : ` and ${more.length} more`}`
  return `<failure type="${first!.severity}" message="${markup(message)}">${lines.join('\n')}</failure>`
}

function suite(area: string, cases: readonly Case[], time: string): string {
  const rows = cases.map(({ id, inner }) => {
    const name = `classname="hardshell.${markup(area)}" name="${markup(id)}" time="0"`
    return inner === '' ? `    <testcase ${name}/>\n` : `    <testcase ${name}>${inner}</testcase>\n`
  })
  // xs:dateTime without a zone, as the schemas of both readers have it.
  return `  <testsuite name="${markup(area)}" ${countsOf(cases)} time="0" timestamp="${time.slice(0, 19)}">\n${rows.join('')}  </testsuite>\n`
}

function countsOf(cases: readonly Case[]): string {
  const count = (kind: Case['kind']): number => cases.filter((one) => one.kind === kind).length
  return `tests="${cases.length}" failures="${count('failed')}" errors="${count('unknown')}" skipped="${count('skipped')}"`
}
