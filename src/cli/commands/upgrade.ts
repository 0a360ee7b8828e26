import { chmod, mkdir } from 'node:fs/promises'
import { HardshellError, messageOf, readIfThere, systemClock } from '../../base/index.ts'
import { locateChosen } from '../../guard/chosen.ts'
import { keepConfig } from '../../guard/config-snapshots.ts'
import { endLeftovers } from '../../guard/leftovers.ts'
import { freeAddress } from '../../guard/ports.ts'
import { readAdoption } from '../../guard/adoption-record.ts'
import type { StartOptions } from '../../guard/start.ts'
import { planUpgrade, runOf, type UpgradePlan } from '../../guard/upgrade/plan.ts'
import { isOpen, readRuns } from '../../guard/upgrade/run.ts'
import { sourceOf } from '../../guard/upgrade/source.ts'
import { stage } from '../../guard/upgrade/stage.ts'
import { runUpgrade, takeBack, tidy, type Upgraded } from '../../guard/upgrade/upgrade.ts'
import { locateOpenClaw } from '../../openclaw/index.ts'
import { operatorName, pathsFor } from '../guard-access.ts'
import { withHandedKeys } from '../handed-keys.ts'
import { refuseRunningGuard, snapshotPlaceOf, type InstallationOptions } from '../installation.ts'
import { interruption } from '../interruption.ts'
import { newRunId } from '../run-id.ts'
import { columns, visible, type Terminal } from '../terminal.ts'
import { recordUpgrade, settleUpgrades } from '../upgrade-unfinished.ts'
import { aloneUpgrading, handsOf } from '../upgrade-ports.ts'
import { givenOptions } from './given-options.ts'
import { tellPlan } from './upgrade-screen.ts'

type Options = InstallationOptions & Readonly<Record<string, unknown>>

/** `hardshell upgrade`: exit 0 kept and proven, or nothing to do; 1 taken back; 5 not begun. */
export async function upgrade(options: Options, terminal: Terminal): Promise<number> {
  const text = (name: string): string | undefined => (typeof options[name] === 'string' ? options[name] : undefined)
  const start: StartOptions = { paths: pathsFor(options, terminal), config: text('config'), openclaw: text('openclaw'), env: withHandedKeys(terminal.env), cwd: terminal.cwd }
  const source = await sourceOf({ to: text('to'), from: text('from'), cwd: terminal.cwd })
  const id = newRunId(systemClock.now())
  if (options['dryRun'] !== true) await settleUpgrades(options, terminal) // what one left open may not be what is in use
  const plan = await planUpgrade(source, id, start)
  const told = await tellPlan(plan, start.paths, options['json'] === true, terminal)
  if (plan.present.version === source.version) return tellNothing('that version is in use already', told, options, terminal)
  if (options['dryRun'] === true) return tellNothing('nothing was changed', told, options, terminal)
  if (told.isDowngrade && options['allowDowngrade'] !== true) {
    throw new HardshellError('guard.upgrade-refused', `OpenClaw ${source.version} is older than ${plan.present.version}, which is in use: it would meet newer data`, { hint: 'to go back to the version before an upgrade, with its data: hardshell upgrade undo. Else: --allow-downgrade' })
  }
  if (!(await agreed('Upgrade? The gateway is down meanwhile. [y/N] ', options, terminal))) return tellNothing('nothing was changed', told, options, terminal)
  await refuseRunningGuard('OpenClaw is exchanged while it stands still', options, terminal)
  const upgraded = await aloneUpgrading(start.paths, async () => {
    await refuseOther(plan, start)
    return await carryOut(plan, { id, start, options, terminal })
  })
  return tell(upgraded, told, options, terminal)
}

async function carryOut(plan: UpgradePlan, { id, start, options, terminal }: { id: string; start: StartOptions; options: Options; terminal: Terminal }): Promise<Upgraded> {
  const { paths } = start
  const say = (line: string): void => terminal.err(`${terminal.paint('dim', '·')} ${visible(line)}`)
  await refuseRunningGateway(plan, start)
  await mkdir(paths.root, { recursive: true, mode: 0o711 })
  const by = operatorName(terminal.env)
  const place = { ...(await snapshotPlaceOf(options, terminal)), paths }
  const { snapshot } = await keepConfig(place, { why: `before OpenClaw ${plan.present.version} became ${plan.source.version}`, by, cause: 'ours' })
  const interrupted = interruption()
  const { proveWith } = await import('../../guard/upgrade/prove.ts')
  const hands = await handsOf({ place, user: plan.user, prove: async (packageRoot) => await proveWith(packageRoot, start, { say, interrupted: interrupted.signal }) })
  const run = runOf(plan, { id, at: systemClock.now(), by, snapshot: snapshot.id }, start, await readIfThere(paths.chosenOpenclaw))
  await mkdir(`${paths.upgrades}/${id}`, { recursive: true, mode: 0o700 })
  const upgraded = await runUpgrade(run, { hands, say, stage: async () => await stageReadable(plan, start) })
  await recordUpgrade({ run }, upgraded.outcome === 'kept' ? 'every surface is proven with it' : `taken back: ${upgraded.why}`, options, terminal)
  if (upgraded.outcome === 'kept') await tidy(await readRuns(paths.upgrades), run, hands).catch((error: unknown) => say(`what earlier upgrades kept could not be removed: ${messageOf(error)}`))
  return upgraded
}

/** Between the plan and the lock another upgrade may have ended. */
async function refuseOther({ present }: UpgradePlan, start: StartOptions): Promise<void> {
  if ((await readRuns(start.paths.upgrades)).every((run) => !isOpen(run)) && locateChosen(start).packageRoot === present.packageRoot && locateChosen(start).version === present.version) return
  throw new HardshellError('guard.upgrade-busy', 'another upgrade came between', { hint: 'hardshell upgrade list, then the same command' })
}

async function stageReadable({ how, source, places }: UpgradePlan, { paths, env }: StartOptions): Promise<void> {
  if (how.kind === 'beside-us') {
    await mkdir(paths.runtime, { recursive: true, mode: 0o755 })
    await chmod(paths.runtime, 0o755)
  }
  await stage({ how, source, places, env })
}

/** A gateway that runs without us would write into what is copied. */
async function refuseRunningGateway({ user }: UpgradePlan, { paths }: StartOptions): Promise<void> {
  const adoption = readAdoption(paths.adoption)
  if (adoption === null) return void endLeftovers(user)
  if ((await freeAddress({ host: '127.0.0.1', port: adoption.gatewayPort }, false)).port === adoption.gatewayPort) return
  throw new HardshellError('guard.upgrade-refused', `something answers on port ${adoption.gatewayPort}: the gateway runs`, { hint: 'openclaw gateway stop, then the same command' })
}

function tell(upgraded: Upgraded, told: object, options: Options, terminal: Terminal): number {
  const { run, outcome } = upgraded
  if (options['json'] === true) terminal.out(JSON.stringify({ ok: outcome === 'kept', ...told, run: run.id, outcome, ...(upgraded.outcome === 'undone' ? { why: upgraded.why, broken: upgraded.broken } : { copied: upgraded.copied }) }, null, 2))
  else if (upgraded.outcome === 'kept') {
    terminal.out(`${terminal.paint('green', 'done')}: OpenClaw ${run.to.version}, every surface proven. Back: ${terminal.self} upgrade undo${givenOptions(options, ['state', 'config'])}`)
    if (upgraded.copied !== null && upgraded.copied.asTheyAre.length > 0) terminal.err(`not readable by SQLite, copied as they are: ${upgraded.copied.asTheyAre.map(visible).join(', ')}`)
    terminal.err(`next: ${terminal.self} start${givenOptions(options, ['state', 'config'])}`)
  } else {
    terminal.out(`${terminal.paint('red', 'taken back')}: OpenClaw ${run.to.version} is not proven: ${visible(upgraded.why)}`)
    terminal.out(upgraded.broken === null ? `OpenClaw ${run.from.version} is in place with its data, every surface proven` : `OpenClaw ${run.from.version} is in place with its data, and not proven either: ${visible(upgraded.broken)}`)
    terminal.err(`next: ${terminal.self} start${givenOptions(options, ['state', 'config'])}`)
  }
  return outcome === 'kept' ? 0 : 1
}

function tellNothing(why: string, told: object, options: Options, terminal: Terminal): number {
  if (options['json'] === true) terminal.out(JSON.stringify({ ok: true, ...told, outcome: 'nothing', why }, null, 2))
  else terminal.err(why)
  return 0
}

/** `hardshell upgrade list`: every upgrade, the newest last. */
export async function listUpgrades(options: Options, terminal: Terminal): Promise<number> {
  const runs = await readRuns(pathsFor(options, terminal).upgrades)
  if (options['json'] === true) terminal.out(JSON.stringify(runs.map(({ run, state, why }) => ({ run: run.id, at: new Date(run.at).toISOString(), by: run.by, from: run.from.version, to: run.to.version, state, why })), null, 2))
  else terminal.out(runs.length === 0 ? 'no upgrade yet' : columns(runs.map(({ run, state, why }) => [run.id, state, `${run.from.version} → ${run.to.version}`, visible(run.by), visible((why ?? '').slice(0, 100))])))
  return 0
}

/** `hardshell upgrade undo`: program, data and configuration as they were before the last upgrade. */
export async function undoUpgrade(options: Options, terminal: Terminal): Promise<number> {
  const paths = pathsFor(options, terminal)
  await settleUpgrades(options, terminal)
  const last = (await readRuns(paths.upgrades)).findLast(({ state }) => state === 'kept')
  if (last === undefined) throw new HardshellError('guard.upgrade-refused', 'there is no upgrade to undo', { hint: 'hardshell upgrade list' })
  const { run } = last
  const now = locateOpenClaw({ explicit: run.to.packageRoot, folders: [] }).version
  if (now !== run.to.version) throw new HardshellError('guard.upgrade-refused', `${run.to.packageRoot} is OpenClaw ${now} by now, not the ${run.to.version} of that upgrade: it is not taken away`, { hint: `hardshell upgrade --to ${run.from.version} --allow-downgrade exchanges the program alone` })
  terminal.err(`OpenClaw ${run.to.version} goes, ${run.from.version} comes back, with the data of ${new Date(run.at).toISOString()}. What agents have done since is set aside in ${run.state.failed}`)
  if (!(await agreed('Undo? [y/N] ', options, terminal))) return tellNothing('nothing was changed', {}, options, terminal)
  await refuseRunningGuard('OpenClaw is exchanged while it stands still', options, terminal)
  await aloneUpgrading(paths, async () => {
    const adoption = readAdoption(paths.adoption)
    const { gatewayUser } = await import('../../guard/gateway-user.ts')
    const user = adoption ? adoption.user : gatewayUser(paths.root)
    if (adoption === null) endLeftovers(user)
    const hands = await handsOf({ place: { ...(await snapshotPlaceOf(options, terminal)), paths }, user })
    await takeBack({ run, state: 'exchanging', why: 'undone by the operator' }, hands)
    await recordUpgrade({ run }, 'undone by the operator', options, terminal)
  })
  if (options['json'] === true) terminal.out(JSON.stringify({ ok: true, run: run.id, version: run.from.version, aside: run.state.failed }))
  else terminal.out(`OpenClaw ${run.from.version} is in place again. next: ${terminal.self} start${givenOptions(options, ['state', 'config'])}`)
  return 0
}

async function agreed(question: string, options: Options, terminal: Terminal): Promise<boolean> {
  if (options['yes'] === true) return true
  const answer = await terminal.ask(question)
  if (answer === null) terminal.err('nobody can be asked here: use --yes')
  return /^y(es)?$/i.test(answer?.trim() ?? '')
}
