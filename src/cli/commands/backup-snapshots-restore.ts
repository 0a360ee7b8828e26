import { existsSync, readFileSync } from 'node:fs'
import { restoreSnapshot, findSnapshot, readAll, settleRestore } from '../../backup/index.ts'
import { messageOf } from '../../base/index.ts'
import { readAdoption } from '../../guard/adoption-record.ts'
import { keepConfig } from '../../guard/config-snapshots.ts'
import { gatewayUser } from '../../guard/gateway-user.ts'
import { checkOpenClawConfig, privateInstallation } from '../../guard/gateway-task.ts'
import { locateChosen } from '../../guard/chosen.ts'
import { findPrograms } from '../../guard/prepare.ts'
import { handsFor } from '../../posture/index.ts'
import { operatorName, pathsFor } from '../guard-access.ts'
import { refuseRunningGuard, snapshotPlaceOf } from '../installation.ts'
import { recordChange } from '../record-change.ts'
import { visible, type Terminal } from '../terminal.ts'
import { givenOptions } from './given-options.ts'
import { contents, differencesOf, type SnapshotOptions } from './backup-snapshots.ts'

export type RestoreOptions = SnapshotOptions & { dryRun?: unknown; yes?: unknown; openclaw?: unknown }

/** `hardshell backup snapshots restore ID`: the difference first, then all of it or nothing. */
export async function restore(id: string, options: RestoreOptions, terminal: Terminal): Promise<number> {
  const place = await snapshotPlaceOf(options, terminal)
  const folder = place.paths.snapshots
  const hands = handsFor({ host: '', files: '' }).files!
  if (options.dryRun !== true) {
    await refuseRunningGuard('what is put back below it would not be what it enforces', options, terminal)
    if (await settleRestore(folder, hands)) terminal.err(`${terminal.paint('yellow', '!')} an earlier restore was never finished: it is taken back`)
  }
  const snapshot = await findSnapshot(folder, id)
  const differences = await differencesOf(new Map((await readAll(place.files)).map(({ path, bytes }) => [path, bytes])), await contents(folder, snapshot))
  if (options.json !== true) for (const { lines } of differences) terminal.out(lines.map(visible).join('\n'))
  if (options.dryRun === true || !(await agreed(differences.length, options, terminal))) {
    terminal.err('nothing was changed')
    if (options.json === true) terminal.out(JSON.stringify({ ok: true, applied: false, differences }, null, 2))
    return 0
  }
  const by = operatorName(terminal.env)
  const restored = await restoreSnapshot(folder, id, {
    hands,
    keepNow: async () => (await keepConfig(place, { why: `before ${id} was put back`, by, cause: 'ours', spare: [id] })).snapshot,
    refused: async () => await whyRefused(place.settings, options, terminal),
  })
  if (restored.changed.length > 0) {
    await keepConfig(place, { why: `${id} put back`, by, cause: 'ours' })
    await recordChange({ rule: 'backup.restored', target: `snapshot ${id}`, result: `${restored.changed.join(', ')} as it was then; before: ${restored.before}` }, options, terminal)
  }
  if (options.json === true) terminal.out(JSON.stringify({ ok: true, applied: true, ...restored, differences }, null, 2))
  else terminal.out(restored.changed.length === 0 ? 'everything is as it was then already' : `put back: ${restored.changed.map(visible).join(', ')}. Back: ${terminal.self} backup snapshots restore ${restored.before}${givenOptions({ ...options }, ['state', 'config'])}`)
  if (restored.changed.length > 0) terminal.err(`next: ${terminal.self} start${givenOptions({ ...options }, ['state', 'config'])}   (it puts its own settings of today over OpenClaw's, as at every start)`)
  return 0
}

async function agreed(count: number, options: RestoreOptions, terminal: Terminal): Promise<boolean> {
  if (options.yes === true || count === 0) return true
  const answer = await terminal.ask('Put it back? [y/N] ')
  if (answer === null) terminal.err('nobody can be asked here: use --yes')
  return /^y(es)?$/i.test(answer?.trim() ?? '')
}

/** What is wrong with the configuration as it stands now, by our own reading and OpenClaw's. */
async function whyRefused(settings: string | null, options: RestoreOptions, terminal: Terminal): Promise<string | null> {
  const { formatProblem, loadConfig } = await import('../../config/index.ts')
  const [problem] = (await loadConfig(settings)).problems
  if (problem !== undefined) return `the guard's own settings would have a mistake: ${formatProblem(problem)}`
  return await whyOpenClawRefuses(options, terminal)
}

async function whyOpenClawRefuses(options: RestoreOptions, terminal: Terminal): Promise<string | null> {
  const paths = pathsFor(options, terminal)
  const adoption = readAdoption(paths.adoption)
  const installation = adoption?.installation ?? privateInstallation(paths)
  if (!existsSync(installation.configFile) || readFileSync(installation.configFile).length === 0) return null
  const start = { paths, config: undefined, openclaw: typeof options.openclaw === 'string' ? options.openclaw : undefined, env: terminal.env, cwd: terminal.cwd }
  const user = adoption ? adoption.user : gatewayUser(paths.root)
  try {
    locateChosen(start)
  } catch (error) {
    terminal.err(`OpenClaw was not asked whether it accepts its file: ${messageOf(error)}`)
    return null
  }
  terminal.err('asking OpenClaw whether it accepts its file')
  const programs = await findPrograms(start, user !== null, () => {})
  return await checkOpenClawConfig(programs, installation, user).then(() => null, (error: unknown) => `OpenClaw does not accept its file: ${messageOf(error)}`)
}
