import { isAbsolute, join, resolve } from 'node:path'
import { HardshellError, messageOf } from '../base/index.ts'
import type { ConfigDisk, ConfigFolder } from './disk.ts'
import { configFileNames } from './sections.ts'

/** What decides where the configuration is looked for. */
export interface WhereToLook {
  /** `--config DIR`, if it was given. */
  flag?: string | undefined
  env: Readonly<Record<string, string | undefined>>
  cwd: string
  /** Home directory of whoever runs us; `null`: there is none. */
  home: string | null
}

export interface FoundConfig {
  /** Absolute. */
  directory: string
  /** Who named it. */
  by: '--config' | 'HARDSHELL_CONFIG' | 'search'
}

/**
 * Finds the configuration: `--config`, `HARDSHELL_CONFIG`, `./.openclaw`, `/etc/openclaw`, `~/.openclaw`; the first
 * that holds at least one of our files. OpenClaw's own state directory has the last one's name but none of our files,
 * so it does not count.
 * @returns `null` when nothing was named and nothing found: all defaults hold
 * @throws HardshellError `config.missing` when the directory somebody named is not there or holds none of our files:
 *   falling back to another one would run with rules nobody asked for
 * @throws HardshellError `config.unreadable` when one of them cannot be looked into
 */
export async function findConfig(where: WhereToLook, disk: ConfigDisk): Promise<FoundConfig | null> {
  const named = namedDirectory(where)
  if (named) {
    await requireOurs(named, disk)
    return named
  }
  const places = [join(where.cwd, '.openclaw'), '/etc/openclaw']
  if (where.home !== null) places.push(join(where.home, '.openclaw'))
  for (const directory of places) {
    if ((await ourFiles(directory, disk)).length > 0) return { directory, by: 'search' }
  }
  return null
}

function namedDirectory({ flag, env, cwd }: WhereToLook): FoundConfig | null {
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(cwd, path))
  if (flag !== undefined) return { directory: absolute(flag), by: '--config' }
  const variable = env['HARDSHELL_CONFIG']
  return variable === undefined || variable === '' ? null : { directory: absolute(variable), by: 'HARDSHELL_CONFIG' }
}

async function requireOurs({ directory, by }: FoundConfig, disk: ConfigDisk): Promise<void> {
  if ((await folderOf(directory, disk)) === null) {
    throw new HardshellError('config.missing', `there is no directory ${directory}, which ${by} names`, {
      hint: `create it with at least one of ${configFileNames.join(', ')}, or leave ${by} out`,
    })
  }
  if ((await ourFiles(directory, disk)).length > 0) return
  throw new HardshellError('config.missing', `${directory}, which ${by} names, holds none of our files`, {
    hint: `put at least one of ${configFileNames.join(', ')} there, or leave ${by} out`,
  })
}

async function ourFiles(directory: string, disk: ConfigDisk): Promise<string[]> {
  const names = (await folderOf(directory, disk))?.names ?? []
  return configFileNames.filter((name) => names.includes(name))
}

/** A directory we may not look into may hold the rules of this machine: going on without them is not ours to decide. */
async function folderOf(directory: string, disk: ConfigDisk): Promise<ConfigFolder | null> {
  try {
    return await disk.folder(directory)
  } catch (error) {
    throw new HardshellError('config.unreadable', `cannot look into ${directory}: ${messageOf(error)}`, {
      hint: 'run as a user who may, or name another directory with --config',
      cause: error,
    })
  }
}
