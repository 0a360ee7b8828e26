import { checks, groupByWhy, isAtLeast, misspelt, plain, severities, untold, type AuditReport, type NativeAnswer, type ReportedFinding, type Severity } from '../../posture/index.ts'
import { wrapped } from '../wrapped.ts'
import { asCalledHere, columns, type Style, type Terminal } from '../terminal.ts'

/** How a report is looked at. */
export interface View {
  paint: Terminal['paint']
  self: string
  /** What was named to be judged, as options to repeat: ` --config FILE`; empty when it was found. */
  given: string
  /** Columns of the terminal. */
  width: number
  /** The reader's home, shown as `~`. */
  home: string
  least: Severity
  /** Also what passed, does not apply and was not asked. */
  everything: boolean
  /** Only what is new or fixed since the last audit. */
  differenceOnly: boolean
}

/** All findings, worst first, each with its places and the command that mends it. */
export function auditScreen(report: AuditReport, view: View): string {
  const lines = ['', headline(report, view), '', counts(report, view)]
  if (view.differenceOnly) lines.push('', ...difference(report, view))
  else {
    for (const severity of severities) lines.push(...group(severity, report, view))
    lines.push(...accepted(report, view), ...unseen(report, view, Infinity))
    if (report.difference !== null) lines.push('', ...difference(report, view))
  }
  if (view.everything) lines.push(...rest(report, view))
  return [...lines, '', ...footer(report, view)].join('\n')
}

// What fits on a terminal of 24 lines together with the grade and the rest, and what somebody does in one sitting.
const firstFew = 5

/** One screen for somebody who has just come: the grade, what first, and what to type. */
export function firstScreen(report: AuditReport, view: View): string {
  const ids = [...new Set(report.findings.map(({ id }) => id))]
  const first = ids.slice(0, firstFew).flatMap((id) => shortly(report.findings.filter((one) => one.id === id), view))
  const more = ids.length - firstFew
  return [
    '',
    headline(report, view),
    '',
    counts(report, view),
    ...(first.length === 0 ? [] : ['', view.paint('bold', 'First'), ...first]),
    ...(more > 0 ? ['', `  and ${more} more: ${view.self} security audit`] : []),
    ...unseen(report, view, 3),
    '',
    ...footer(report, view),
    ...(report.findings.length > 0 && more <= 0 ? [`  ${view.self} security audit asks OpenClaw's own judges too`] : []),
    ...(report.installation.config === null ? [`  ${view.self} security audit --config FILE for an openclaw.json elsewhere`] : []),
    `  ${view.self} --help lists the commands`,
    '',
  ].join('\n')
}

/** What one of OpenClaw's judges adds to what was told. */
export function nativeLines({ judge, unknown, tookMs }: NativeAnswer, { before, after }: { before: AuditReport; after: AuditReport }, view: View): string {
  const name = `openclaw ${judge}`
  if (unknown !== null) return `${view.paint('yellow', '?')} ${name}: unknown, ${plain(unknown)}`
  const known = new Set(before.findings.map(({ fingerprint }) => fingerprint))
  const fresh = after.findings.filter((finding) => finding.source === 'openclaw' && !known.has(finding.fingerprint) && isAtLeast(finding.severity, view.least))
  const told = after.findings.filter(({ also }, index) => also.length > (before.findings[index]?.also.length ?? 0)).length
  const summary = [fresh.length === 0 ? 'nothing of its own' : `${fresh.length} of its own`, ...(told > 0 ? [`${told} told above`] : [])].join(', ')
  const grade = after.grade === before.grade ? [] : [`  with it the grade is ${view.paint(gradeStyle(after), after.grade)}`]
  return [`${view.paint('dim', '•')} ${name}, ${(tookMs / 1000).toFixed(1)} s: ${summary}`, ...fresh.flatMap((finding) => item([finding], view)), ...grade].join('\n')
}

export function waitingLine(judges: number, { self }: View): string {
  return `asking OpenClaw's own ${judges} judges, on a copy; seconds to a minute (${self} security audit --no-native leaves them out)`
}

function headline(report: AuditReport, view: View): string {
  const { config, stateDir, openclaw, machine, program } = report.installation
  const what = config ?? stateDir
  const parts = [what === null ? (program === null ? 'no OpenClaw found' : `no openclaw.json found for OpenClaw ${plain(program.version)} in ${tilde(plain(program.path), view)}`) : tilde(plain(what), view), ...(openclaw === null ? [] : [`OpenClaw ${plain(openclaw)}`]), ...(machine === 'this' ? ['this machine'] : machine === 'given' ? ['files of its machine'] : ['this file alone'])]
  return `${view.paint('bold', 'Hardshell')}  ${view.paint(gradeStyle(report), ` ${report.grade} `)} ${parts.join(', ')}`
}

function counts(report: AuditReport, view: View): string {
  const words = severities.filter((severity) => report.counts[severity] > 0).map((severity) => view.paint(styles[severity], `${report.counts[severity]} ${severity}`))
  const suppressed = severities.flatMap((severity) => {
    const count = report.suppressed.filter((one) => one.severity === severity).length
    return count === 0 ? [] : [`${count} ${severity}`]
  })
  const others = [`${report.passed.length} passed`, ...(report.unknown.length > 0 ? [`${report.unknown.length} unknown`] : [])].join(', ')
  const lines = [`  ${words.length === 0 ? view.paint('green', 'nothing found') : words.join('  ')}   ${view.paint('dim', others)}`]
  if (suppressed.length > 0) lines.push(`  ${view.paint('yellow', `accepted and not counted: ${suppressed.join(', ')}`)}`)
  return lines.join('\n')
}

function group(severity: Severity, report: AuditReport, view: View): string[] {
  if (!isAtLeast(severity, view.least)) return []
  const findings = report.findings.filter((finding) => finding.severity === severity)
  if (findings.length === 0) return []
  const ids = [...new Set(findings.map(({ id }) => id))]
  return ['', view.paint(styles[severity], severity), ...ids.flatMap((id) => item(findings.filter((finding) => finding.id === id), view))]
}

// Forty files with one flaw are one thing to mend; --json and --all name every one.
const shownPlaces = 6

function item(places: readonly ReportedFinding[], view: View): string[] {
  const first = places[0]!
  const shown = view.everything ? places : places.slice(0, shownPlaces)
  return [
    ...wrapped(`  ${view.paint(styles[first.severity], '✗')} `, `${plain(first.title)}  ${view.paint('dim', plain(first.id))}`, view),
    ...shown.flatMap((place) => wrapped('    ', sentence(place, view), view)),
    ...(shown.length < places.length ? [`    and ${places.length - shown.length} places more (--all)`] : []),
    ...(first.contradicts.length > 0 ? wrapped('    ', view.paint('dim', `our own ${first.contradicts.join(', ')} looked at the same and was satisfied`), view) : []),
    ...next(first, view),
  ]
}

// A list of forty names is for --json and the page; a screen tells what kind of thing it is.
const shownCharacters = 240

function sentence(place: ReportedFinding, view: View): string {
  const said = place.evidence === place.title ? [] : [plain(place.evidence)]
  const about = place.at === place.id ? said : [tilde(where(place), view), ...said]
  const [is, want] = [shortened(about.join(': ')), shortened(asCalledHere(plain(place.want), view))]
  return want === '' ? is : `${is} → ${want}`
}

function shortened(text: string): string {
  return text.length <= shownCharacters ? text : `${text.slice(0, shownCharacters - 1)}…`
}

function shortly(places: readonly ReportedFinding[], view: View): string[] {
  const [first, ...others] = places
  const finding = first!
  const more = others.length > 0 ? ` and ${others.length} more` : ''
  return [
    ...wrapped(`  ${view.paint(styles[finding.severity], finding.severity.padEnd(8))} `, plain(finding.title), view),
    clipped(`           ${tilde(where(finding), view)}${more}: ${plain(finding.evidence)}`, view),
    `           ${view.paint('bold', command(finding, view))}`,
  ]
}

function next(finding: ReportedFinding, view: View): string[] {
  return finding.source === 'openclaw' ? [] : [`    ${view.paint('bold', command(finding, view))}`]
}

/** What mends it, or who says how. */
function command({ id, fixable, source }: ReportedFinding, { self, given }: View): string {
  if (source === 'openclaw') return `${self} security audit`
  return fixable ? `${self} harden --only ${id}${given}` : `${self} security explain ${id}`
}

function accepted({ suppressed, expired, unused }: AuditReport, view: View): string[] {
  const lines = suppressed.filter(({ severity }) => isAtLeast(severity, view.least)).flatMap(({ id, at, severity, suppression: { reason, owner, expires } }) => wrapped('  ', `${severity} ${plain(id)} ${tilde(plain(at), view)}: ${plain(reason)} (${plain(owner)}, until ${expires})`, view))
  const ended = expired.flatMap(({ id, owner, expires }) => wrapped('  ', view.paint('yellow', `ended on ${expires} and counts again: ${plain(id)} (${plain(owner)})`), view))
  const idle = unused.flatMap(({ id, at }) => {
    const meant = misspelt(id)
    return wrapped('  ', meant === null ? view.paint('dim', `nothing to accept any more: ${plain(id)}${at === undefined ? '' : ` at ${plain(at)}`}`) : view.paint('yellow', `nothing is accepted for ${plain(id)}: there is no such check; did you mean ${meant}?`), view)
  })
  const all = [...lines, ...ended, ...idle]
  return all.length === 0 ? [] : ['', view.paint('bold', 'Accepted'), ...all]
}

function unseen(report: AuditReport, view: View, most: number): string[] {
  const { unknown, notAsked, problems, native, others } = report
  const lines = [
    ...untold(report).map((line) => asCalledHere(plain(line), view)),
    ...groupByWhy(unknown).map(({ why, ids }) => `${amount(ids)}: ${asCalledHere(plain(why), view)}`),
    ...native.filter((one) => one.unknown !== null).map((one) => `openclaw ${one.judge}: ${plain(one.unknown!)}`),
    ...groupByWhy(notAsked).map(({ why, ids }) => `${amount(ids)} not asked: ${plain(why)}`),
    ...problems.map(({ at, message }) => `${plain(at)}: ${plain(message)}`),
    ...others.map((place) => `another installation, not judged: ${tilde(plain(place), view)}`),
  ]
  if (lines.length === 0) return []
  const shown = lines.slice(0, most)
  const more = lines.length > shown.length ? [`  and ${lines.length - shown.length} more: ${view.self} security audit`] : []
  return ['', view.paint('bold', 'Not seen'), ...shown.flatMap((line) => wrapped('  ', line, view)), ...more]
}

/** Its name where it is one, else how many. */
function amount(ids: readonly string[]): string {
  return ids.length === 1 ? ids[0]! : `${ids.length} checks`
}

function difference({ difference: since, grade }: AuditReport, view: View): string[] {
  if (since === null) return [`no earlier audit is remembered; \`${view.self} security audit --remember\` remembers this one`]
  const place = (mark: string, style: Style) => ({ id, at }: { id: string; at: string }): string[] => wrapped(`  ${view.paint(style, mark)} `, `${plain(id)} ${tilde(plain(at), view)}`, view)
  const graded = since.grade === grade ? '' : `, ${since.grade} then`
  return [
    `${view.paint('bold', 'Since')} ${since.since.slice(0, 16).replace('T', ' ')} UTC${graded}: ${since.new.length} new, ${since.fixed.length} fixed, ${since.unchanged} unchanged`,
    ...since.new.flatMap(place('+', 'red')),
    ...since.fixed.flatMap(place('-', 'green')),
  ]
}

function rest({ passed, skipped, notAsked }: AuditReport, view: View): string[] {
  const titles = new Map(checks.map(({ id, title }) => [id, title]))
  const list = (mark: string, ids: readonly string[]): string[] => (ids.length === 0 ? [] : [columns(ids.map((id) => [`  ${mark} ${id}`, view.paint('dim', titles.get(id) ?? '')]))])
  return [
    ...(passed.length > 0 ? ['', view.paint('bold', 'Passed'), ...list(view.paint('green', '✓'), passed)] : []),
    ...(skipped.length > 0 ? ['', view.paint('bold', 'Do not apply here'), ...list('–', skipped)] : []),
    ...(notAsked.length > 0 ? ['', view.paint('bold', 'Not asked'), ...list('–', notAsked.map(({ id }) => id))] : []),
  ]
}

function footer({ tookMs }: AuditReport, view: View): string[] {
  return [view.paint('dim', `looked at in ${tookMs} ms; nothing was changed`)]
}

const styles: Readonly<Record<Severity, Style>> = { critical: 'red', high: 'red', medium: 'yellow', low: 'bold', info: 'dim' }

function gradeStyle({ grade }: Pick<AuditReport, 'grade'>): Style {
  return grade === 'A' || grade === 'B' ? 'green' : grade === 'C' ? 'yellow' : 'red'
}

function where({ at, file, line }: ReportedFinding): string {
  return plain(line === null || at.endsWith(`:${line}`) || file === null ? at : `${at} (line ${line})`)
}

function tilde(path: string, { home }: View): string {
  return home !== '' && home !== '/' && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path
}

function clipped(line: string, { width }: View): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`
}
