// long: one page with its style sheet
import { severities, type Severity } from '../check.ts'
import type { AuditReport, ReportedFinding } from '../audit.ts'
import { untold } from '../unseen.ts'
import { markup } from './escape.ts'

/** What of a check a page tells beside the finding. */
export type Told = (finding: ReportedFinding) => { why: string; source: string; next: string } | null

/** The report as one page without scripts or anything to load: it opens from a mail, prints on A4, follows dark and light. */
export function html(report: AuditReport, told: Told): string {
  const title = `Security audit: ${report.grade}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${markup(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<p class="grade ${gradeClass(report)}">${report.grade}</p>
<div><h1>Security audit</h1>
<p>${markup(subjectOf(report))}</p>
<p class="quiet">${markup(report.time.slice(0, 16).replace('T', ' '))} UTC · ${report.passed.length} passed · ${report.skipped.length} do not apply · read and judged in ${report.tookMs} ms</p></div>
</header>
<ul class="counts">${severities.map((severity) => `<li class="${severity}"><b>${report.counts[severity]}</b> ${severity}</li>`).join('')}</ul>
${differenceOf(report)}
${severities.map((severity) => section(severity, report, told)).join('')}
${suppressedOf(report)}
${unseen(report)}
<footer class="quiet">Hardshell looked and changed nothing. What could not be read is unknown, never a pass.</footer>
</body>
</html>
`
}

function section(severity: Severity, { findings, installation: { config } }: AuditReport, told: Told): string {
  const rows = findings.filter((finding) => finding.severity === severity)
  if (rows.length === 0) return ''
  const ids = [...new Set(rows.map(({ id }) => id))]
  return `<section><h2 class="${severity}">${severity} <span class="quiet">${rows.length}</span></h2>
${ids.map((id) => article(rows.filter((row) => row.id === id), told, config)).join('')}</section>
`
}

function article(places: readonly ReportedFinding[], told: Told, config: string | null): string {
  const first = places[0]!
  const about = told(first)
  const who = first.source === 'openclaw' ? `openclaw ${first.judge}` : about?.source
  return `<article class="${first.severity}"><h3>${markup(first.title)}</h3>
<p class="id"><code>${markup(first.id)}</code>${first.also.length > 0 ? ` · OpenClaw: ${first.also.map((id) => `<code>${markup(id)}</code>`).join(' ')}` : ''}</p>
${about === null ? '' : `<p>${markup(about.why)}</p>`}
<table><thead><tr><th>where</th><th>is</th><th>should be</th></tr></thead><tbody>
${places.map((place) => `<tr><td><code>${markup(whereOf(place, config))}</code></td><td>${markup(place.evidence)}</td><td>${markup(place.want)}</td></tr>`).join('\n')}
</tbody></table>
${about === null ? '' : `<p class="next">${markup(about.next)}</p>`}
${first.contradicts.length > 0 ? `<p class="quiet">Our own ${markup(first.contradicts.join(', '))} looked at the same and was satisfied.</p>` : ''}
<p class="quiet">source: ${markup(who ?? '')}</p></article>
`
}

function suppressedOf({ suppressed, expired }: AuditReport): string {
  if (suppressed.length === 0 && expired.length === 0) return ''
  const rows = suppressed.map(({ id, at, severity, suppression }) => `<tr><td>${severity}</td><td><code>${markup(id)}</code><br><code>${markup(at)}</code></td><td>${markup(suppression.reason)}</td><td>${markup(suppression.owner)}</td><td>${markup(suppression.expires)}</td></tr>`)
  const ended = expired.map(({ id, owner, expires }) => `<li><code>${markup(id)}</code>, ${markup(owner)}, ended ${markup(expires)}</li>`)
  return `<section><h2>Accepted <span class="quiet">${suppressed.length}</span></h2>
${rows.length === 0 ? '' : `<table><thead><tr><th>severity</th><th>finding</th><th>reason</th><th>owner</th><th>until</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`}
${ended.length === 0 ? '' : `<p>These have ended, and their findings count again:</p><ul>${ended.join('')}</ul>`}</section>
`
}

function unseen(report: AuditReport): string {
  const { unknown, notAsked, native, problems } = report
  const left = untold(report)
  const silent = native.filter(({ unknown: why }) => why !== null)
  const reasons = [...groupByWhy(unknown), ...silent.map(({ judge, unknown: why }) => ({ why: why!, ids: [`openclaw ${judge}`] }))]
  const asked = groupByWhy(notAsked)
  if (reasons.length + asked.length + problems.length + left.length === 0) return ''
  const list = (groups: readonly Group[]): string => groups.map(({ why, ids }) => `<li>${markup(why)}: ${ids.map((id) => `<code>${markup(id)}</code>`).join(' ')}</li>`).join('\n')
  return `<section><h2>Not seen</h2><ul>
${problems.map(({ at, message }) => `<li><code>${markup(at)}</code>: ${markup(message)}</li>`).join('\n')}
${list(reasons)}
${left.map((line) => `<li>${markup(line)}</li>`).join('\n')}
${asked.map(({ why, ids }) => `<li>${ids.length} checks were not asked: ${markup(why)}</li>`).join('\n')}</ul></section>
`
}

function differenceOf({ difference }: AuditReport): string {
  if (difference === null) return ''
  const list = (places: readonly { id: string; at: string }[]): string => places.map(({ id, at }) => `<li><code>${markup(id)}</code> ${markup(at)}</li>`).join('')
  return `<section><h2>Since ${markup(difference.since.slice(0, 16).replace('T', ' '))} UTC <span class="quiet">${difference.grade} then</span></h2>
<p>${difference.new.length} new, ${difference.fixed.length} fixed, ${difference.unchanged} unchanged</p>
${difference.new.length > 0 ? `<h3>New</h3><ul>${list(difference.new)}</ul>` : ''}${difference.fixed.length > 0 ? `<h3>Fixed</h3><ul>${list(difference.fixed)}</ul>` : ''}</section>`
}

interface Group {
  why: string
  ids: string[]
}

/** A hundred checks that miss the same file have one reason. */
export function groupByWhy(answers: readonly { id: string; why: string }[]): Group[] {
  const groups = new Map<string, string[]>()
  for (const { id, why } of answers) groups.set(why, [...(groups.get(why) ?? []), id])
  return [...groups].map(([why, ids]) => ({ why, ids }))
}

function whereOf({ at, file, line }: ReportedFinding, config: string | null): string {
  if (file === null || at.startsWith(file)) return at
  // The page says at its top which file a setting stands in.
  if (file === config) return line === null ? at : `${at}, line ${line}`
  return `${at} (${file}${line === null ? '' : `:${line}`})`
}

function subjectOf({ installation: { config, stateDir, openclaw, machine, program } }: AuditReport): string {
  const where = config ?? stateDir ?? (program === null ? 'no OpenClaw found' : `no openclaw.json found for OpenClaw ${program.version} in ${program.path}`)
  const on = machine === 'this' ? ' on this machine' : machine === 'given' ? ' and the files of its machine' : ', the given files alone'
  return `${where}${on}${openclaw === null ? '' : `, written by OpenClaw ${openclaw}`}`
}

function gradeClass({ grade }: AuditReport): string {
  return grade === 'A' || grade === 'B' ? 'good' : grade === 'C' ? 'fair' : 'bad'
}

const style = `
:root{color-scheme:light dark;--ink:#1c2024;--paper:#fff;--quiet:#60646c;--line:#d9d9e0;--critical:#b4232c;--high:#c2410c;--medium:#8a6100;--low:#1f6feb;--info:#60646c;--good:#1a7f37}
@media (prefers-color-scheme:dark){:root{--ink:#e6e6e6;--paper:#16181b;--quiet:#a0a4ab;--line:#34373c;--critical:#ff7b80;--high:#ff9a5c;--medium:#e0b341;--low:#79b0ff;--info:#a0a4ab;--good:#56d364}}
*{box-sizing:border-box}
body{margin:0 auto;padding:2rem 1.25rem;max-width:58rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
header{display:flex;gap:1.25rem;align-items:center}
header p{margin:.15rem 0;overflow-wrap:anywhere}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}h3{font-size:1rem;margin:0}article h3::before{content:'✗ ';color:var(--critical)}
.grade{flex:none;font:700 3.25rem/1 system-ui,sans-serif;width:5.25rem;padding:1rem 0;text-align:center;border:3px solid;border-radius:.75rem}
.good{color:var(--good)}.fair{color:var(--medium)}.bad{color:var(--critical)}
.quiet{color:var(--quiet);font-weight:400;font-size:.875rem}
.counts{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;padding:0;margin:1.25rem 0}
.counts li{border:1px solid var(--line);border-radius:.5rem;padding:.25rem .75rem}
.counts li.critical,h2.critical{color:var(--critical)}.counts li.high,h2.high{color:var(--high)}.counts li.medium,h2.medium{color:var(--medium)}.counts li.low,h2.low{color:var(--low)}
article{border-left:4px solid var(--info);padding:.1rem 0 .1rem .9rem;margin:1rem 0;break-inside:avoid}
article.critical{border-color:var(--critical)}article.high{border-color:var(--high)}article.medium{border-color:var(--medium)}article.low{border-color:var(--low)}
article p{margin:.3rem 0}
.next{font-family:ui-monospace,monospace;font-size:.875rem;overflow-wrap:anywhere}
code{font-family:ui-monospace,monospace;font-size:.875em;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;table-layout:fixed;margin:.4rem 0;font-size:.9375rem}
th,td{text-align:left;vertical-align:top;padding:.25rem .5rem .25rem 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
th{border:0;color:var(--quiet);font-weight:400;font-size:.8125rem}
ul{padding-left:1.2rem}li{overflow-wrap:anywhere}footer{margin-top:2.5rem}
@page{size:A4;margin:16mm 14mm}
@media print{:root{color-scheme:light;--ink:#000;--paper:#fff;--quiet:#444;--line:#bbb;--critical:#a01018;--high:#9a3412;--medium:#6b4a00;--low:#174ea6;--info:#555;--good:#116329}body{padding:0;max-width:none;font-size:10.5pt}h2{break-after:avoid}tr{break-inside:avoid}}
`
