import { posix } from 'node:path'
import type { AuditReport, ReportedFinding } from '../audit.ts'
import type { Check, Severity } from '../check.ts'
import { plain, safeJson } from './escape.ts'
import { untold } from '../unseen.ts'

// SARIF 2.1.0, section 3.27.10.
const levels: Readonly<Record<Severity, string>> = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' }
// GitHub sorts by this number: over 9 is critical, over 7 high, over 4 medium (docs.github.com, SARIF support for code scanning).
const weights: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '3.0', info: '0.0' }

type Suppressible = ReportedFinding & Partial<Pick<AuditReport['suppressed'][number], 'suppression'>>

/** The report for code scanning, by the OASIS standard 2.1.0. */
export function sarif(report: AuditReport, checks: readonly Check[], version: string): string {
  const results: Suppressible[] = [...report.findings, ...report.suppressed]
  const rules = rulesOf(results, checks)
  const ids = rules.map(({ id }) => id)
  return `${safeJson({
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Hardshell', version, semanticVersion: version, rules } },
        invocations: [{ executionSuccessful: true, endTimeUtc: report.time, toolExecutionNotifications: [...report.unknown.map(notification), ...untold(report).map(leftOut)] }],
        results: results.map((finding) => resultOf(finding, ids.indexOf(finding.id))),
        properties: { grade: report.grade, notAsked: report.notAsked.length, passed: report.passed.length },
      },
    ],
  })}\n`
}

interface Rule {
  id: string
}

/** Ours with why and how; what only OpenClaw knows is described by its own words. */
function rulesOf(results: readonly Suppressible[], checks: readonly Check[]): Rule[] {
  const found = new Map(results.map((finding) => [finding.id, finding]))
  return [...found].map(([id, finding]) => {
    const check = checks.find((one) => one.id === id)
    const how = check?.manual ?? (check?.fix === undefined ? finding.want : `hardshell harden --only ${id}`)
    const why = plain(check?.why ?? finding.title)
    return {
      id,
      name: id.replaceAll(/(?:^|[._/-])(\w)/g, (_, letter: string) => letter.toUpperCase()),
      shortDescription: { text: plain(finding.title) },
      fullDescription: { text: why },
      help: { text: `${why}\n\n${plain(how)}\n\nsource: ${plain(check?.source ?? 'OpenClaw, its own audit')}` },
      defaultConfiguration: { level: levels[check?.severity ?? finding.severity] },
      properties: { tags: ['security'], 'security-severity': weights[check?.severity ?? finding.severity] },
    }
  })
}

function resultOf(finding: Suppressible, ruleIndex: number): object {
  const { suppression } = finding
  const said = suppression && { kind: 'external', status: 'accepted', justification: plain(`${suppression.reason} (${suppression.owner}, until ${suppression.expires})`) }
  return {
    ruleId: finding.id,
    ruleIndex,
    level: levels[finding.severity],
    message: { text: plain(`${finding.title}: ${finding.at} is ${finding.evidence}, should be ${finding.want}`) },
    locations: [locationOf(finding)],
    partialFingerprints: { 'hardshell/v1': finding.fingerprint },
    suppressions: said ? [said] : [],
    properties: { severity: finding.severity, fixable: finding.fixable, source: finding.source, also: finding.also },
  }
}

function locationOf({ file, line, at, source }: ReportedFinding): object {
  const logicalLocations = [{ fullyQualifiedName: plain(at), kind: source === 'openclaw' ? 'resource' : 'member' }]
  if (file === null) return { logicalLocations }
  // A viewer wants a region for what it lists; a whole file begins in line 1.
  const physicalLocation = { artifactLocation: { uri: uriOf(file) }, region: { startLine: line ?? 1 } }
  return { physicalLocation, logicalLocations }
}

/** RFC 8089: three slashes, everything but the separators percent-encoded. */
function uriOf(path: string): string {
  const parts = posix.normalize(path.replaceAll('\\', '/')).split('/')
  return `file://${parts.map((part) => encodeURIComponent(part.toWellFormed())).join('/')}`
}

function notification({ id, why }: { id: string; why: string }): object {
  return { level: 'note', message: { text: plain(`unknown: ${why}`) }, associatedRule: { id } }
}

function leftOut(line: string): object {
  return { level: 'note', message: { text: plain(`not all was looked at: ${line}`) } }
}
