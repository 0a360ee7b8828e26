import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { HardshellError } from '../../base/index.ts'
import type { OpenClaw } from '../../openclaw/index.ts'
import { readAdoption } from '../adoption-record.ts'
import { locateChosen } from '../chosen.ts'
import { gatewayUser, type UserId } from '../gateway-user.ts'
import { privateInstallation, type Installation } from '../gateway-task.ts'
import type { StartOptions } from '../start.ts'
import { howInstalled, type HowInstalled } from './how-installed.ts'
import type { UpgradeRun } from './run.ts'
import type { Source } from './source.ts'
import { placesFor, type Places } from './stage.ts'

/** What an upgrade would do. */
export interface UpgradePlan {
  present: OpenClaw
  how: HowInstalled
  source: Source
  places: Places
  installation: Installation
  user: UserId | null
}

/** Looks and decides; changes nothing. @throws HardshellError `guard.upgrade-refused`, `openclaw.not-found` */
export async function planUpgrade(source: Source, id: string, options: StartOptions): Promise<UpgradePlan> {
  const { paths } = options
  const present = locateChosen(options)
  const how = howInstalled(present, paths)
  const adoption = readAdoption(paths.adoption)
  const places = placesFor(how, source, { id, runtime: paths.runtime })
  await refuseFullDisk(how.kind === 'global' ? how.lib : how.kind === 'project' ? how.folder : paths.root)
  return {
    present,
    how,
    source,
    places: { ...places, exchanges: places.exchanges.filter(({ live }) => existsSync(live)) },
    installation: adoption?.installation ?? privateInstallation(paths),
    user: adoption ? adoption.user : gatewayUser(paths.root),
  }
}

/** The record of what a plan is about to do. Pure but for looking whether there is data. */
export function runOf({ present, source, places, how, installation }: UpgradePlan, { id, at, by, snapshot }: Pick<UpgradeRun, 'id' | 'at' | 'by' | 'snapshot'>, { paths }: Pick<StartOptions, 'paths'>, chosenBefore: string | null): UpgradeRun {
  const live = installation.stateDirectory
  const isOurs = live.startsWith(`${paths.root}${sep}`)
  const folder = join(paths.upgrades, id)
  return {
    id,
    at,
    by,
    snapshot,
    from: { version: present.version, packageRoot: present.packageRoot },
    to: { version: source.version, packageRoot: places.packageRoot },
    exchanges: places.exchanges,
    chosen: { before: chosenBefore, after: how.kind === 'beside-us' ? `${JSON.stringify({ packageRoot: places.packageRoot, version: source.version })}\n` : null },
    state: { live, kept: join(folder, 'state'), failed: isOurs ? join(folder, 'failed-state') : `${live}.failed-${id}`, isOurs },
    hadState: existsSync(live),
    staged: places.staged,
    copies: [join(paths.runtime, `openclaw-${source.version}`)],
  }
}

// OpenClaw with its dependencies is 650 MB; as much again for a copy the gateway's user can read, and room to work in.
const neededBytes = 2 * 1024 ** 3

async function refuseFullDisk(folder: string): Promise<void> {
  const there = existsSync(folder) ? folder : '/'
  const { bavail, bsize } = await statfs(there)
  if (bavail * bsize >= neededBytes) return
  throw new HardshellError('guard.upgrade-refused', `only ${Math.round((bavail * bsize) / 1024 ** 2)} MB are free for ${folder}: an upgrade takes up to 2 GB`, { hint: 'make room, then the same command' })
}
