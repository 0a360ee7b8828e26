import { HardshellError } from '../../base/index.ts'
import { areaOf, checks, explain, findCheck, misspelt, plain, safeJson, severities, shownEvidence, type Explanation } from '../../posture/index.ts'
import { asCalledHere, columns, type Terminal } from '../terminal.ts'
import { wrapped } from '../wrapped.ts'

/** `hardshell security explain ID`: why, who says so, a failing example and its fix as a diff. */
export async function securityExplain(id: string, options: { json?: unknown }, terminal: Terminal): Promise<number> {
  const check = findCheck(id) ?? covering(id)
  if (check === null) {
    if (checks.some((one) => areaOf(one.id) === id)) throw new HardshellError('posture.unknown-check', `${id} is an area of many checks`, { hint: `${terminal.self} security checks --area ${id}` })
    const near = misspelt(id)
    throw new HardshellError('posture.unknown-check', `there is no check ${plain(shownEvidence(id))}${near === null ? '' : `: did you mean ${near}?`}`, {
      hint: near === null ? `${terminal.self} security checks` : `${terminal.self} security explain ${near}`,
    })
  }
  const explanation = await explain(check)
  terminal.out(options.json === true ? safeJson(explanation) : page(explanation, terminal))
  return 0
}

/** `hardshell security checks`: what is asked, by area. */
export async function securityChecks(options: { json?: unknown; area?: unknown }, terminal: Terminal): Promise<number> {
  const chosen = checks.filter(({ id }) => options.area === undefined || areaOf(id) === options.area)
  if (chosen.length === 0) throw new HardshellError('posture.unknown-check', `there is no area ${String(options.area)}`, { hint: `one of ${[...new Set(checks.map(({ id }) => areaOf(id)))].join(', ')}` })
  if (options.json === true) {
    terminal.out(safeJson(chosen.map(({ id, title, severity, why, source, covers, fix }) => ({ id, area: areaOf(id), title, severity, why, source, covers: covers ?? [], fix: fix?.risk ?? null }))))
    return 0
  }
  for (const area of new Set(chosen.map(({ id }) => areaOf(id)))) {
    const own = chosen.filter(({ id }) => areaOf(id) === area)
    const sorted = own.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
    terminal.out(`\n${terminal.paint('bold', area)}\n${columns(sorted.map(({ id, severity, title }) => [`  ${severity}`, id, terminal.paint('dim', title)]))}`)
  }
  const fixable = chosen.filter(({ fix }) => fix !== undefined).length
  terminal.out(`\n${chosen.length} checks, ${fixable} with a fix; ${terminal.self} security explain ID`)
  return 0
}

/** Somebody who comes with an id of OpenClaw's own audit means the check of ours that tells the same. */
function covering(id: string): (typeof checks)[number] | null {
  const telling = checks.filter(({ covers }) => covers?.includes(id))
  // Of several, the one that is about the fewest other things.
  return telling.toSorted((a, b) => a.covers!.length - b.covers!.length)[0] ?? null
}

function page({ id, title, severity, why, source, fix, covers, example }: Explanation, { paint, self }: Terminal): string {
  const mark = (line: string): string => (line.startsWith('+ ') ? paint('green', line) : line.startsWith('- ') ? paint('red', line) : line)
  const mending = 'manual' in fix ? wrapped('  by hand: ', asCalledHere(fix.manual, { self })) : [`  ${self} harden --only ${id}`, `  ${paint('dim', risks[fix.risk])}`, ...example.diff.map((line) => `    ${mark(line)}`)]
  return [
    '',
    `${paint('bold', id)}  ${severity}`,
    ...wrapped('  ', title),
    '',
    paint('bold', 'Why'),
    ...wrapped('  ', why),
    ...wrapped('  ', paint('dim', `source: ${source}`)),
    '',
    `${paint('bold', 'Fails on')}, for example: ${example.name}`,
    ...example.given.map((line) => `    ${line}`),
    ...example.findings.flatMap(({ at, saw, want }) => wrapped(`  ${paint('red', '✗')} `, `${plain(at)}: ${plain(saw)} → ${asCalledHere(plain(want), { self })}`)),
    '',
    paint('bold', 'Mended by'),
    ...mending,
    ...(covers.length === 0 ? [] : ['', ...wrapped('', `${paint('bold', "OpenClaw's own audit")} calls it ${covers.join(', ')}`)]),
    '',
  ].join('\n')
}

const risks = {
  safe: 'breaks nothing',
  restart: 'interrupts OpenClaw or a service for a moment',
  lockout: 'could cut you off, so it takes itself back unless it is confirmed',
} as const
