import type { HardenPlan, ShownStep, UndoneRun } from '../../posture/index.ts'
import { visible, type Terminal } from '../terminal.ts'

/** Prints a plan for a person: what, for which checks, the diff, how it is taken back. */
export function showHardenPlan({ steps, tests, told }: { steps: readonly ShownStep[]; tests: readonly string[]; told: readonly string[] }, { out, paint }: Terminal): void {
  for (const { part, risk, only, checks, what, diff, undo } of steps) {
    out(`${only === 'told' ? `${paint('yellow', 'to be done on the machine')} ` : ''}${paint('bold', visible(what))}   ${paint('dim', `${part}, ${risk}; undo: ${undo}`)}`)
    out(paint('dim', `  for ${checks.join(', ')}`))
    for (const line of diff) out(`  ${coloured(visible(line), paint)}`)
  }
  if (tests.length > 0) out(`tested before: ${tests.join('; ')}`)
  if (told.length > 0) out(`told after: ${told.join('; ')}`)
}

const rootHint = 'sudo hardshell harden'

/** What waits for a word of the operator, and what is not done at all. */
export function waitingLines({ waiting, aside, unknown }: Pick<HardenPlan, 'waiting' | 'aside' | 'unknown'>, { paint, self }: Terminal): string[] {
  const isRoots = ({ why }: { why: string }): boolean => why.endsWith(rootHint)
  const forRoot = aside.filter(isRoots)
  return [
    ...(forRoot.length === 0 ? [] : [`${paint('yellow', 'for root only')}: ${forRoot.map(({ check }) => check).join(', ')}   ${rootHint}`]),
    ...aside.filter((one) => !isRoots(one)).map(({ check, why, refused }) => `${refused ? paint('red', 'refused') : paint('yellow', 'not done')} ${check}: ${visible(why)}`),
    ...(waiting.length === 0 ? [] : [`${paint('yellow', 'waiting for --yes')}: ${waiting.map(({ check, risk }) => `${check} (${risk})`).join(', ')}   ${self} harden --yes`]),
    ...(unknown.length === 0 ? [] : [`${unknown.length} checks could not be answered: ${self} security audit`]),
  ]
}

/** What happened to a run nobody finished. */
export function settledLine({ id, left }: UndoneRun): string {
  return `run ${id} was never finished or confirmed: it is taken back${left.length === 0 ? '' : `; ${visible(left.join('; '))}`}`
}

function coloured(line: string, paint: Terminal['paint']): string {
  if (line.startsWith('+')) return paint('green', line)
  return line.startsWith('-') ? paint('red', line) : line
}
