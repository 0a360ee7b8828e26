import { isRecord } from '../../base/index.ts'
import { posix } from 'node:path'
import { parse } from 'yaml'
import type { FileStatus } from '../../host/index.ts'
import { guardFiles, type GuardFile } from '../guard-settings.ts'
import { DoesNotArise, NotGiven, type FactReader } from '../subject.ts'

/** What is written in the guard's own files, as somebody wrote it: neither validated nor filled up with defaults. */
export interface GuardConfigFacts {
  /** `null`: no guard stands before this installation. */
  guard: GuardFolders | null
  /** By top-level key, of all files together. */
  value: Readonly<Record<string, unknown>>
}

export interface GuardFolders {
  configDir: string
  stateDir: string
  /** Folders and files that decide what the guard does or hold what it keeps, with who may touch them. */
  places: readonly { path: string; holds: 'configuration' | 'state'; status: FileStatus }[]
  /** Who asks; -1 where the system has no user ids. */
  uid: number
}

export const guardConfig: FactReader<GuardConfigFacts> = {
  async read({ files, guard, host, config, stateDir }) {
    if (guard === null && config === null && stateDir === null && host?.live === true) throw new DoesNotArise('there is no OpenClaw to stand before')
    // Of files somebody handed over nobody can tell whether a guard stands before where they came from.
    if (guard === null && host?.live !== true) throw new NotGiven('files alone do not tell whether a guard stands before them')
    if (guard === null) return { guard: null, value: {} }
    const value: Record<string, unknown> = Object.create(null)
    const places: GuardFolders['places'][number][] = []
    const look = async (path: string, holds: 'configuration' | 'state'): Promise<void> => {
      const status = await files.status(path)
      if (status !== null) places.push({ path, holds, status })
    }
    await look(guard.configDir, 'configuration')
    for (const name of Object.keys(guardFiles) as GuardFile[]) {
      const path = posix.join(guard.configDir, name)
      await look(path, 'configuration')
      const text = await files.text(path)
      if (text !== null) merge(value, parsed(text, path))
    }
    await look(posix.join(guard.stateDir, 'guard'), 'state')
    return { guard: { ...guard, places, uid: files.uid }, value }
  },
}

function parsed(text: string, path: string): Record<string, unknown> {
  try {
    const read: unknown = parse(text, { uniqueKeys: false, logLevel: 'silent' })
    return isRecord(read) ? read : {}
  } catch (error) {
    throw new Error(`${path} is not YAML: ${error instanceof Error ? error.message.split('\n')[0] : 'unreadable'}`, { cause: error })
  }
}

/** `jobs` may stand in two files; a name in both is a mistake the guard itself refuses to start with. */
function merge(all: Record<string, unknown>, more: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(more)) {
    const known = all[key]
    all[key] = isRecord(known) && isRecord(value) ? { ...known, ...value } : value
  }
}
