import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeFileAtomic } from '../../base/index.ts'
import type { StatePaths } from '../paths.ts'
import type { StateHands } from './state.ts'
import type { KeptState, Recorded } from './run.ts'
import { recordOf } from './run.ts'

/** Everything an upgrade does to the machine, one touch each: a test takes the process away at every one of them. */
export interface UpgradeHands {
  exists(path: string): Promise<boolean>
  /** At once, folders of its new place made before. */
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  /** Names the OpenClaw that a start runs; `null`: the one that came with us. */
  choose(text: string | null): Promise<void>
  record(recorded: Recorded): Promise<void>
  /** Copies OpenClaw's data, databases by SQLite's own backup. @throws when anything of it cannot be copied */
  keepState(state: KeptState): Promise<KeptFacts>
  /** The same backwards where the folder is somebody else's. */
  giveBackForeign(state: KeptState): Promise<void>
  /** Puts the configuration back as a snapshot has it, if it is not so. */
  putConfigBack(snapshot: string): Promise<void>
  /** Starts the gateway with this OpenClaw and attacks every surface. @returns why it does not hold, `null` when it does */
  prove(packageRoot: string): Promise<string | null>
}

/** What was copied. */
export interface KeptFacts {
  files: number
  bytes: number
  /** Databases that SQLite copied and found whole. */
  databases: readonly string[]
  /** Files that look like databases and are none SQLite can read: copied as they are. */
  asTheyAre: readonly string[]
  /** Sockets and the like, which are made anew by whoever needs them. */
  leftOut: readonly string[]
}

/** The machine's own. */
export function upgradeHands(paths: StatePaths, more: StateHands & Pick<UpgradeHands, 'putConfigBack' | 'prove'>): UpgradeHands {
  return {
    exists: async (path) => await Promise.resolve(existsSync(path)),
    rename: async (from, to) => {
      await mkdir(dirname(to), { recursive: true })
      await rename(from, to)
    },
    remove: async (path) => await rm(path, { recursive: true, force: true }),
    choose: async (text) => (text === null ? await rm(paths.chosenOpenclaw, { force: true }) : await writeFileAtomic(paths.chosenOpenclaw, text)),
    record: async (recorded) => await writeFileAtomic(recordOf(paths.upgrades, recorded.run.id), `${JSON.stringify(recorded, null, 2)}\n`),
    ...more,
  }
}
