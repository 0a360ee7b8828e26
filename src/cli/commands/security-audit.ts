import { resolve } from 'node:path'
import { HardshellError, messageOf, writeFileAtomic } from '../../base/index.ts'
import { appendHistory, audit, checks, chooseChecks, differenceTo, findCheck, html, isAtLeast, junit, locateSubject, readHistory, reported, safeJson, sarif, severities, type Audited, type AuditReport, type HistoryEntry, type NativeAnswer, type ReportedFinding, type Severity } from '../../posture/index.ts'
import { machineBelow, thisMachine } from '../../host/index.ts'
import { asCalledHere, type Terminal } from '../terminal.ts'
import { version } from '../version.ts'
import { screenWidth } from '../wrapped.ts'
import { givenOptions } from './given-options.ts'
import { auditScreen, firstScreen, nativeLines, waitingLine, type View } from './security-audit-screen.ts'
import { askOpenClaw, type Asked } from './security-audit-native.ts'
import { auditSettings, guardedHere, historyFile, type AuditSettings } from './security-audit-surroundings.ts'

export type AuditOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

const formats = ['text', 'json', 'sarif', 'junit', 'html'] as const
type Format = (typeof formats)[number]

/** `hardshell security audit`: exit 0 when nothing is found at or above the threshold, 1 otherwise. Changes nothing. */
export async function securityAudit(options: AuditOptions, terminal: Terminal): Promise<number> {
  const format = formatOf(options)
  const ending = new AbortController()
  const interrupt = (): void => ending.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt)
  try {
    const seen = await look(options, terminal, ending.signal)
    const told = format === 'text' && options['out'] === undefined ? await talk(seen, options, terminal) : await deliver(seen, { ...options, format }, terminal)
    ending.signal.throwIfAborted()
    await remember(seen, terminal)
    return exitOf(told, options)
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, interrupt)
    ending.abort() // whatever of OpenClaw still runs
  }
}

/** On a terminal: ours at once, then each answer of OpenClaw as it comes. */
async function talk(seen: Seen, options: AuditOptions, terminal: Terminal): Promise<AuditReport> {
  const view = viewOf(options, terminal)
  const answers: NativeAnswer[] = []
  terminal.out(auditScreen(withHistory(seen, answers), view))
  if (seen.asked.judges > 0) terminal.err(waitingLine(seen.asked.judges, view))
  await seen.asked.each((answer) => {
    const before = reported(seen.audited, answers)
    answers.push(answer)
    terminal.out(nativeLines(answer, { before, after: reported(seen.audited, answers) }, view))
  })
  return reported(seen.audited, answers)
}

/** In a format, whole. */
async function deliver(seen: Seen, options: AuditOptions & { format: Format }, terminal: Terminal): Promise<AuditReport> {
  const answers: NativeAnswer[] = []
  await seen.asked.each((answer) => void answers.push(answer))
  const report = withHistory(seen, answers)
  const text = written(report, options.format, viewOf(options, { ...terminal, paint: (_, text) => text }))
  if (typeof options['out'] !== 'string') terminal.out(text.trimEnd())
  else {
    const file = resolve(terminal.cwd, options['out'])
    await writeFileAtomic(file, `${text.trimEnd()}\n`).catch((cause: unknown) => {
      throw new HardshellError('posture.unwritable', `${file} cannot be written: ${messageOf(cause)}`, { hint: '--out in a folder you may write to', cause })
    })
    terminal.err(`written to ${file}`)
  }
  return report
}

/** Bare `hardshell`: the same audit on one screen for somebody who has just come, without OpenClaw's own slow judges. */
export async function firstLook(terminal: Terminal): Promise<number> {
  const seen = await look({ native: false }, terminal, AbortSignal.abort())
  const report = reported(seen.audited)
  terminal.out(firstScreen(report, viewOf({}, terminal)))
  return exitOf(report, {})
}

interface Seen {
  audited: Audited
  settings: AuditSettings
  /** Names what was judged, and with which checks: only equal audits are compared. */
  subject: string
  /** Earlier audits and their file; `null`: none are kept. */
  history: { file: string; earlier: readonly HistoryEntry[] } | null
  /** OpenClaw's own judges, who are at it already. */
  asked: Asked
}

async function look(options: AuditOptions, terminal: Terminal, signal: AbortSignal): Promise<Seen> {
  const path = (name: string): string | undefined => (typeof options[name] === 'string' ? resolve(terminal.cwd, options[name]) : undefined)
  const named = { config: path('config'), stateDir: path('stateDir'), hostRoot: path('hostRoot') }
  const only = ([options['only'] ?? []].flat() as string[]).flatMap((ids) => ids.split(',')).filter((id) => id !== '')
  const area = typeof options['area'] === 'string' ? options['area'] : undefined
  const chosen = chooseChecks(checks, { area, only })
  const anyNamed = Object.values(named).some((one) => one !== undefined)
  const settings = await auditSettings(options, anyNamed, terminal)
  const guarded = anyNamed ? [] : await guardedHere(options, terminal)
  const located = await locateSubject(named, guarded, { here: thisMachine(terminal.env), below: machineBelow }, Date.now())
  const asked = await askOpenClaw(located.subject, { options, signal, terminal })
  const audited = await audit(located.subject, { checks: chosen, suppressions: settings.suppressions, others: located.others, named: located.named })
  const subject = JSON.stringify([located.subject.config, located.subject.stateDir, named.hostRoot ?? null, area ?? null, only])
  return { audited, settings, subject, history: await historyOf(historyFile(options, anyNamed, terminal), terminal), asked }
}

/** With the difference to the last audit, where one is remembered. Only our own findings are compared: OpenClaw may not have answered. */
function withHistory({ audited, subject, history }: Seen, answers: readonly NativeAnswer[]): AuditReport {
  const report = reported(audited, answers)
  return history === null ? report : { ...report, difference: differenceTo(history.earlier, { subject, findings: reported(audited).findings }) }
}

async function historyOf(file: string | null, terminal: Terminal): Promise<Seen['history']> {
  if (file === null) return null
  try {
    return { file, earlier: await readHistory(file) }
  } catch (error) {
    terminal.err(`earlier audits cannot be read, so nothing is compared: ${messageOf(error)}`)
    return null
  }
}

async function remember({ audited, subject, settings, history }: Seen, terminal: Terminal): Promise<void> {
  if (history === null) return
  const { time, grade, counts, findings } = reported(audited)
  const entry = { time, subject, grade, counts, findings: findings.map(({ fingerprint, id, at }) => ({ fingerprint, id, at })) }
  try {
    await appendHistory(history.file, entry, { earlier: history.earlier, keep: settings.historyEntries })
  } catch (error) {
    // The answer is the audit; that it could not be remembered is told beside it.
    terminal.err(`not remembered for the next difference: ${messageOf(error)}`)
  }
}

function written(report: AuditReport, format: Format, view: View): string {
  if (format === 'text') return auditScreen(report, view)
  const told = shown(report, view.least)
  if (format === 'sarif') return sarif(told, checks, version)
  if (format === 'junit') return junit(told)
  if (format === 'html') return html(told, (finding) => aboutCheck(finding, view))
  return safeJson({ version: 1, ...told })
}

/** Without what lies below the threshold; the grade and the counts stay those of everything. */
function shown(report: AuditReport, least: Severity): AuditReport {
  return {
    ...report,
    findings: report.findings.filter(({ severity }) => isAtLeast(severity, least)),
    suppressed: report.suppressed.filter(({ severity }) => isAtLeast(severity, least)),
  }
}

function aboutCheck({ id, fixable }: ReportedFinding, { self, given }: View): { why: string; source: string; next: string } | null {
  const check = findCheck(id)
  if (check === null) return null
  return { why: check.why, source: check.source, next: check.manual !== undefined ? asCalledHere(check.manual, { self }) : fixable ? `${self} harden --only ${id}${given}` : `${self} security explain ${id}` }
}

function exitOf({ findings }: AuditReport, options: AuditOptions): number {
  // A remark is no reason for a build to fail, unless somebody asks for it by name.
  const least = options['minSeverity'] === undefined ? 'low' : leastOf(options)
  return findings.some(({ severity }) => isAtLeast(severity, least)) ? 1 : 0
}

function viewOf(options: AuditOptions, terminal: Terminal): View {
  return {
    paint: terminal.paint,
    self: terminal.self,
    given: givenOptions(options, ['config', 'stateDir', 'hostRoot', 'state']),
    width: screenWidth(),
    home: terminal.env['HOME'] ?? '',
    least: leastOf(options),
    everything: options['all'] === true,
    differenceOnly: options['diff'] === true,
  }
}

function leastOf({ minSeverity }: AuditOptions): Severity {
  return severities.find((severity) => severity === minSeverity) ?? 'info'
}

function formatOf({ format, json }: AuditOptions): Format {
  if (json === true && format !== undefined && format !== 'json') throw new HardshellError('cli.usage', `--json and --format ${String(format)} ask for two formats`, { hint: 'name one of them' })
  return json === true ? 'json' : (formats.find((one) => one === format) ?? 'text')
}
