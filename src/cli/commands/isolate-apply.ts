import { applyIsolation, confirmIsolation, isolationPorts, undoIsolation } from '../../isolation/index.ts'
import { pathsFor } from '../guard-access.ts'
import { recordChange } from '../record-change.ts'
import type { Terminal } from '../terminal.ts'
import { waitingTime } from '../waiting-time.ts'
import { etcOf, makePlan, showPlan } from './isolate-plan.ts'

type Options = Record<string, string | boolean | undefined>

/** `hardshell isolate apply`: the plan, for as long as nobody confirms it. */
export async function apply(options: Options, terminal: Terminal): Promise<number> {
  const plan = await makePlan(options, terminal)
  const withinMs = typeof options['within'] === 'string' ? withinOf(options['within']) : plan.withinMs
  const { isolation } = pathsFor(options, terminal)
  const { record, already } = await applyIsolation(plan, { recordFile: isolation, withinMs }, isolationPorts())
  const confirmBy = record.state === 'pending' ? new Date(record.deadlineAt).toISOString() : null
  const until = confirmBy === null ? '' : `, until ${confirmBy} unless it is confirmed`
  if (!already) await recordChange({ rule: 'isolation.applied', target: `isolation ${record.mode}`, result: `applied to user ${record.confinement.uid}${until}` }, options, terminal)
  if (options['json'] === true) terminal.out(JSON.stringify({ ok: true, already, mode: record.mode, state: record.state, name: record.confinement.name, uid: record.confinement.uid, confirmBy }))
  else if (already) terminal.out(`isolation ${record.mode} is ${record.state} already; nothing was done`)
  else showPlan(plan, terminal)
  if (confirmBy !== null) terminal.err(`in force until ${confirmBy.slice(11, 19)} UTC, then taken back by itself. Look whether everything works, then: ${terminal.self} isolate confirm`)
  return 0
}

/** `hardshell isolate confirm`: it stays, over a restart of the machine too. */
export async function confirm(options: Options, terminal: Terminal): Promise<number> {
  const { record, next } = await confirmIsolation(pathsFor(options, terminal).isolation, etcOf(options), isolationPorts())
  const files = record.files.map(({ path }) => path)
  await recordChange({ rule: 'isolation.confirmed', target: `isolation ${record.mode}`, result: 'it stays, over a restart of the machine too' }, options, terminal)
  if (options['json'] === true) terminal.out(JSON.stringify({ ok: true, mode: record.mode, state: record.state, files, next }))
  else terminal.out([`isolation ${record.mode} stays`, ...files.map((file) => `  written: ${file}`), ...next.map((command) => `  now type: ${command}`)].join('\n'))
  return 0
}

/** `hardshell isolate undo`: as it was before the first apply. */
export async function undo(options: Options, terminal: Terminal): Promise<number> {
  const record = await undoIsolation(pathsFor(options, terminal).isolation, isolationPorts())
  await recordChange({ rule: 'isolation.undone', target: `isolation ${record.mode}`, result: 'taken back' }, options, terminal)
  if (options['json'] === true) terminal.out(JSON.stringify({ ok: true, mode: record.mode, undone: record.confinement.name }))
  else terminal.out(`isolation ${record.mode} is taken back; a running gateway leaves its namespaces when the guard is restarted`)
  return 0
}

// The bounds of isolation.confirm_within, for the same reasons.
function withinOf(text: string): number {
  return waitingTime(text, { flag: '--within', leastMs: 1_000, mostMs: 3_600_000, bounds: 'between one second and an hour', hint: 'hardshell isolate apply --within 2m' })
}
