import { existsSync } from 'node:fs'
import { readAdoption } from '../guard/adoption-record.ts'
import { gatewayUser } from '../guard/gateway-user.ts'
import { endLeftovers } from '../guard/leftovers.ts'
import { isOpen, readRuns, type Recorded } from '../guard/upgrade/run.ts'
import { pathsFor } from './guard-access.ts'
import { recordChange } from './record-change.ts'
import { snapshotPlaceOf, type InstallationOptions } from './installation.ts'
import type { Terminal } from './terminal.ts'

/**
 * Before a guard starts: takes back an upgrade somebody died in. What cannot be taken back stops the start: a version
 * nobody has proven would meet data of another one.
 * @throws HardshellError `guard.upgrade-busy`, `guard.upgrade-record`
 */
export async function settleUpgrades(options: InstallationOptions, terminal: Terminal): Promise<void> {
  const { upgrades } = pathsFor(options, terminal)
  if (!existsSync(upgrades) || !(await readRuns(upgrades)).some(isOpen)) return
  const { aloneUpgrading } = await import('./upgrade-ports.ts')
  await aloneUpgrading({ upgrades }, async () => await takeBackOpen(options, terminal))
}

/** Takes back every open run, the newest first. */
async function takeBackOpen(options: InstallationOptions, terminal: Terminal): Promise<void> {
  const paths = pathsFor(options, terminal)
  const open = (await readRuns(paths.upgrades)).filter(isOpen)
  if (open.length === 0) return
  const [{ takeBack }, { handsOf }] = await Promise.all([import('../guard/upgrade/upgrade.ts'), import('./upgrade-ports.ts')])
  const adoption = readAdoption(paths.adoption)
  const user = adoption ? adoption.user : gatewayUser(paths.root)
  if (adoption === null) endLeftovers(user) // OpenClaw starts itself anew: one may have outlived whoever died
  const hands = await handsOf({ place: { ...(await snapshotPlaceOf(options, terminal)), paths }, user })
  for (const recorded of open.toReversed()) {
    terminal.err(`${terminal.paint('yellow', '!')} the upgrade ${recorded.run.id} to OpenClaw ${recorded.run.to.version} was never finished: it is taken back`)
    await takeBack({ ...recorded, why: recorded.why ?? 'it was never finished' }, hands)
    await recordUpgrade(recorded, 'taken back: it was never finished', options, terminal)
  }
}

export async function recordUpgrade({ run }: Pick<Recorded, 'run'>, result: string, options: InstallationOptions, terminal: Terminal): Promise<void> {
  await recordChange({ rule: 'upgrade', target: `OpenClaw ${run.from.version} to ${run.to.version}, run ${run.id}`, result }, options, terminal)
}
