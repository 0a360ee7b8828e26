import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { HardshellError, isNodeError, messageOf, readIfThere } from '../../base/index.ts'

/** A place and what takes it: `live` goes to `aside`, `fresh` to `live`. All on one file system. */
export interface Exchange {
  live: string
  fresh: string
  aside: string
}

/** OpenClaw's data, and where it is kept meanwhile. */
export interface KeptState {
  live: string
  /** The copy of before. */
  kept: string
  /** Where what the new version left goes when it is taken back. */
  failed: string
  /** Below our own state folder, where nobody else can exchange folders. */
  isOurs: boolean
}

/** What an upgrade is going to do; on the disk before it does any of it. */
export interface UpgradeRun {
  id: string
  /** Wall time, ms. */
  at: number
  by: string
  from: { version: string; packageRoot: string }
  to: { version: string; packageRoot: string }
  exchanges: readonly Exchange[]
  /** What the file that names the chosen OpenClaw holds before and after; `null`: no such file. */
  chosen: { before: string | null; after: string | null }
  state: KeptState
  /** Whether there was any data before. */
  hadState: boolean
  /** Snapshot of the configuration before. */
  snapshot: string
  /** Where the new version was laid: removed when it is taken back. */
  staged: string
  /** Copies a start makes for the gateway's user: of another package of the same version, perhaps. */
  copies: readonly string[]
}

/**
 * `preparing`: nothing of the installation is changed. `exchanging`: anything of it may be, and the new version may have
 * run. `kept`: it was proven. `undoing`, `undone`: back to what was.
 */
export type RunState = 'preparing' | 'exchanging' | 'kept' | 'undoing' | 'undone'

export interface Recorded {
  run: UpgradeRun
  state: RunState
  /** Why it was taken back. */
  why: string | null
}

/** Where the record of a run lies. */
export function recordOf(folder: string, id: string): string {
  return join(folder, id, 'run.json')
}

export function isOpen({ state }: Recorded): boolean {
  return state !== 'kept' && state !== 'undone'
}

/** Every run, oldest first. @throws HardshellError `guard.upgrade-record` */
export async function readRuns(folder: string): Promise<readonly Recorded[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isNodeError(error, 'ENOENT')) return []
    throw error
  })
  const found: Recorded[] = []
  for (const name of names.filter((one) => /^\d{8}-\d{6}-[0-9a-f]{6}$/.test(one)).sort()) {
    const text = await readIfThere(recordOf(folder, name))
    if (text !== null) found.push(parse(text, recordOf(folder, name)))
  }
  return found
}

/** Makes the folder of a run. */
export async function makeRunFolder(folder: string, id: string): Promise<string> {
  await mkdir(join(folder, id), { recursive: true, mode: 0o700 })
  return join(folder, id)
}

function parse(text: string, path: string): Recorded {
  try {
    const read = JSON.parse(text) as Recorded
    if (typeof read.run.id === 'string' && typeof read.state === 'string') return read
    throw new Error('it is no record of an upgrade')
  } catch (cause) {
    throw new HardshellError('guard.upgrade-record', `${path} cannot be read: ${messageOf(cause)}`, { cause, hint: 'what it kept is beside it; nothing is taken back on its word' })
  }
}
