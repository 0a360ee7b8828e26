import { HardshellError } from '../../base/index.ts'
import { alone, lastRun, listRuns, undoPortsFor, undoRun } from '../../posture/index.ts'
import { rememberConfig } from '../installation.ts'
import { recordChange } from '../record-change.ts'
import { columns, visible, type Terminal } from '../terminal.ts'
import { hardenFolder, type HardenOptions } from './harden.ts'

/** `hardshell harden undo [RUN]`: as it was before that run. Exit 1 when something was left to others. */
export async function undo(run: string | undefined, options: HardenOptions, terminal: Terminal): Promise<number> {
  const folder = hardenFolder(options, terminal)
  const ports = undoPortsFor(folder)
  const { id, already, left } = await alone(folder, async () => {
    const id = run ?? (await lastRun(ports))
    if (id === null) throw new HardshellError('posture.run-unknown', 'there is no harden run to undo', { hint: 'hardshell harden list' })
    return await undoRun(id, options['force'] === true, ports)
  })
  if (!already) await rememberConfig(`after harden run ${id} was undone`, { state: typeof options['state'] === 'string' ? options['state'] : undefined }, terminal)
  if (!already) await recordChange({ rule: 'harden.undone', target: `harden run ${id}`, result: left.length === 0 ? 'as it was before' : left.join('; ') }, { state: typeof options['state'] === 'string' ? options['state'] : undefined }, terminal)
  if (options['json'] === true) terminal.out(JSON.stringify({ ok: true, run: id, already, left }))
  else terminal.out([already ? `run ${id} was undone before` : `run ${id} is undone`, ...left.map((line) => `  ${visible(line)}`)].join('\n'))
  return left.length === 0 ? 0 : 1
}

/** `hardshell harden list`: every run, the newest last. */
export async function list(options: HardenOptions, terminal: Terminal): Promise<number> {
  const runs = await listRuns(undoPortsFor(hardenFolder(options, terminal)))
  if (options['json'] === true) {
    terminal.out(JSON.stringify(runs.map(({ run, standing }) => ({ run: run.id, at: new Date(run.at).toISOString(), by: run.by, profile: run.profile, state: standing.state, steps: run.steps.length, confirmBy: standing.deadlineAt === null ? null : new Date(standing.deadlineAt).toISOString(), left: standing.left })), null, 2))
    return 0
  }
  terminal.out(runs.length === 0 ? 'no harden run yet' : columns(runs.map(({ run, standing }) => [run.id, standing.state, run.profile, run.by, `${run.steps.length} ${run.steps.length === 1 ? 'step' : 'steps'}`])))
  return 0
}
