import { constants } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { isNodeError } from '../base/index.ts'

/** What this room asks of a disk. */
export interface ConfigDisk {
  /** Whose files we believe, beside root's: our own; `null` where the system has no owners. */
  self: number | null
  /** @returns `null` when there is no such directory. */
  folder(path: string): Promise<ConfigFolder | null>
  /**
   * @throws the operating system's error when it cannot be read
   * @throws Error when it is not a regular file or larger than `maxBytes`
   */
  file(path: string, maxBytes: number): Promise<ConfigFile>
}

export interface ConfigFolder {
  names: readonly string[]
  /** Owner; `null` where the system has none. */
  uid: number | null
  /** Permission bits; 0 where the system has none (Windows keeps access lists instead). */
  mode: number
}

export interface ConfigFile {
  text: string
  uid: number | null
  /** Permission bits of the very file that was read; 0 where the system has none. */
  mode: number
}

/** The real disk. */
export const configDisk: ConfigDisk = {
  self: process.getuid?.() ?? null,

  async folder(path) {
    try {
      const [names, { mode, uid }] = await Promise.all([readdir(path), stat(path)])
      return { names, uid: process.getuid ? uid : null, mode: permissionBits(mode) }
    } catch (error) {
      if (isNodeError(error, 'ENOENT') || isNodeError(error, 'ENOTDIR')) return null
      throw error
    }
  },

  async file(path, maxBytes) {
    // One handle for judging and reading: nobody swaps the file in between. O_NONBLOCK: a pipe must not hang us.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const about = await handle.stat()
      if (!about.isFile()) throw new Error('not a regular file')
      if (about.size > maxBytes) throw new Error(`larger than ${maxBytes} bytes`)
      return { text: await handle.readFile('utf8'), uid: process.getuid ? about.uid : null, mode: permissionBits(about.mode) }
    } finally {
      await handle.close()
    }
  },
}

function permissionBits(mode: number): number {
  return process.platform === 'win32' ? 0 : mode & 0o777
}
