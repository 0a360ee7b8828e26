import { constants } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { isNodeError } from '../base/index.ts'

/** What this room asks of a disk. */
export interface ConfigDisk {
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
  /** Permission bits; 0 where the system has none (Windows keeps access lists instead). */
  mode: number
}

export interface ConfigFile {
  text: string
  /** Permission bits of the very file that was read; 0 where the system has none. */
  mode: number
}

/** The real disk. */
export const configDisk: ConfigDisk = {
  async folder(path) {
    try {
      const [names, { mode }] = await Promise.all([readdir(path), stat(path)])
      return { names, mode: permissionBits(mode) }
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
      return { text: await handle.readFile('utf8'), mode: permissionBits(about.mode) }
    } finally {
      await handle.close()
    }
  },
}

function permissionBits(mode: number): number {
  return process.platform === 'win32' ? 0 : mode & 0o777
}
