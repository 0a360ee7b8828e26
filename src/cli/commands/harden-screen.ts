import type { HardenPlan, ShownStep, UndoneRun } from '../../posture/index.ts'
import { visible, type Terminal } from '../terminal.ts'
import { wrapped } from '../wrapped.ts'

/** Prints a plan for a person: what, for which checks, the diff, how it is taken back. */
export function showHardenPlan({ steps, tests, told }: { steps: readonly ShownStep[]; tests: readonly string[]; told: readonly string[] }, { out, paint }: Terminal): void {
  for (const { part, risk, only, checks, what, diff, undo } of steps) {
    out(`${only === 'told' ? `${paint('yellow', 'to be done on the machine')} ` : ''}${paint('bold', visible(what))}   ${paint('dim', `${part}, ${risk}; undo: ${undo}`)}`)
    out(wrapped('  ', paint('dim', `for ${checks.join(', ')}`)).join('\n'))
    for (const line of diff) out(`  ${coloured(visible(line), paint)}`)
  }
  if (tests.length > 0) out(`tested before: ${tests.join('; ')}`)
  if (told.length > 0) out(`told after: ${told.join('; ')}`)
}

const rootHint = 'sudo hardshell harden'

/**
 * What waits for a word of the operator, and what is not done at all.
 * @param given the options of this call, so that the commands to copy are about the same checks and files
 */
export function waitingLines({ waiting, aside, unknown }: Pick<HardenPlan, 'waiting' | 'aside' | 'unknown'>, given: string, { paint, self }: Terminal): string[] {
  const isRoots = ({ why }: { why: string }): boolean => why.endsWith(rootHint)
  const forRoot = aside.filter(isRoots)
  const list = (lead: string, names: readonly string[], command: string): string[] => (names.length === 0 ? [] : [...wrapped('', `${paint('yellow', lead)}: ${names.join(', ')}`), `  ${command}`])
  return [
    ...list('for root only', forRoot.map(({ check }) => check), `sudo ${self} harden${given}`),
    ...aside.filter((one) => !isRoots(one)).flatMap(({ check, why, refused }) => wrapped('', `${refused ? paint('red', 'refused') : paint('yellow', 'not done')} ${check}: ${visible(why)}`)),
    ...list('waiting for --yes', waiting.map(({ check, risk }) => `${check} (${risk})`), `${self} harden${given} --yes`),
    ...(unknown.length === 0 ? [] : [`${unknown.length} ${unknown.length === 1 ? 'check' : 'checks'} could not be answered: ${self} security audit`]),
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
