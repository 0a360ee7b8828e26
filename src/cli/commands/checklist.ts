import { resolve } from 'node:path'
import { HardshellError } from '../../base/index.ts'
import { machineBelow, thisMachine } from '../../host/index.ts'
import { answerItems, audit, checklistCsv, checklistMarkdown, checklistText, checks, countStates, guides, items, locateSubject, safeJson, type Audited, type ItemAnswer, type ItemState } from '../../posture/index.ts'
import type { Style, Terminal } from '../terminal.ts'
import { fitted } from '../wrapped.ts'
import { attestationsIn } from './checklist-attest.ts'
import { guardedHere } from './security-audit-surroundings.ts'

type Options = Readonly<Record<string, string | boolean | undefined>>

/** `hardshell checklist [GUIDE]`: every item of the guides with its evidence. Exit 0 when none is open, 1 otherwise. */
export async function checklist(guide: string | undefined, options: Options, terminal: Terminal): Promise<number> {
  if (guide !== undefined && !Object.hasOwn(guides, guide)) {
    throw new HardshellError('cli.usage', `there is no guide ${guide}`, { hint: `one of ${Object.keys(guides).join(', ')}` })
  }
  const format = formatOf(options)
  const seen = await lookAt(options, terminal)
  const { notEnforcedSettings } = await import('../../config/index.ts')
  const now = seen.subject.now
  const proofs = seen.gathered.proofs ?? { known: false as const, why: 'not gathered' }
  const known = { judged: seen.judged, notAsked: seen.notAsked, proofs, attestations: isNamed(options) ? [] : await attestationsIn(options, terminal), notEnforced: new Set(notEnforcedSettings()), now }
  const answers = answerItems(items, known).filter((answer) => guide === undefined || answer.guide === guide)
  terminal.out(written(answers, format, terminal))
  return answers.some(({ state }) => state === 'not done') ? 1 : 0
}

/** Everything our own checks say of the installation these options name, or of the one that is found. */
export async function lookAt(options: Options, terminal: Terminal): Promise<Audited> {
  const path = (name: string): string | undefined => (typeof options[name] === 'string' ? resolve(terminal.cwd, options[name]) : undefined)
  const named = { config: path('config'), stateDir: path('stateDir'), hostRoot: path('hostRoot') }
  const guarded = isNamed(options) ? [] : await guardedHere(options, terminal)
  const located = await locateSubject(named, guarded, { here: thisMachine(terminal.env), below: machineBelow }, Date.now())
  for (const other of located.others) terminal.err(`also here, and not looked at: ${other}`)
  return await audit(located.subject, { checks, suppressions: [], others: located.others, named: located.named })
}

/** Whether files were handed over: what people said of this installation says nothing of them. */
export function isNamed(options: Options): boolean {
  return ['config', 'stateDir', 'hostRoot'].some((name) => options[name] !== undefined)
}

const styles: Readonly<Record<ItemState, Style>> = { done: 'green', attested: 'green', 'not done': 'red', unknown: 'yellow', 'not applicable': 'dim' }

function written(answers: readonly ItemAnswer[], format: string, terminal: Terminal): string {
  if (format === 'json') return safeJson({ ok: true, counts: countStates(answers), items: answers })
  if (format === 'markdown') return checklistMarkdown(answers)
  if (format === 'csv') return checklistCsv(answers)
  return fitted(checklistText(answers, (state, text) => terminal.paint(styles[state], text)))
}

function formatOf({ format, json }: Options): string {
  if (json === true && format !== undefined && format !== 'json') throw new HardshellError('cli.usage', `--json and --format ${String(format)} ask for two formats`, { hint: 'name one of them' })
  return json === true ? 'json' : String(format ?? 'text')
}
