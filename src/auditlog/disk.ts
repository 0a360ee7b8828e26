import { constants, fdatasync, lstatSync, write } from 'node:fs'
import { open, rename, type FileHandle } from 'node:fs/promises'

/** One open file that only grows. */
export interface LogFile {
  /** Which file it is, whatever it is called by now. */
  readonly inode: number
  /** Adds all of it or throws; after a throw some of it may be there. */
  append(bytes: Buffer): Promise<void>
  /** What was appended survives a power cut once this resolves. */
  sync(): Promise<void>
  truncate(bytes: number): Promise<void>
  close(): Promise<void>
}

/** The part of a file system the log writes through: a port, so that tests can fill the disk. */
export interface Disk {
  /**
   * Opens for appending. `create` refuses a name that exists, `existing` one that does not; neither follows a link.
   * @param more.mode permission bits, given to the file in either case
   */
  open(path: string, more: { mode: number; how: 'create' | 'existing' }): Promise<LogFile>
  /** What stands under the name. `null`: nothing. Answered from the kernel's memory, so it may block the caller. */
  look(path: string): { inode: number; bytes: number } | null
  /** @throws also when `to` exists: a segment is never written over */
  rename(from: string, to: string): Promise<void>
  /** Makes created and renamed names survive a power cut. */
  syncFolder(path: string): Promise<void>
}

/** The machine's own disk. */
export const systemDisk: Disk = {
  async open(path, { mode, how }) {
    const creation = how === 'create' ? constants.O_CREAT | constants.O_EXCL : 0
    // O_APPEND: a second writer that got past the lock would break the chain visibly instead of overwriting it.
    const handle = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW | creation, mode)
    await handle.chmod(mode) // the umask may have taken bits away, an old file may have more
    return logFile(handle, (await handle.stat()).ino)
  },
  look(path) {
    const found = lstatSync(path, { throwIfNoEntry: false })
    return found ? { inode: found.ino, bytes: found.size } : null
  },
  async rename(from, to) {
    if (lstatSync(to, { throwIfNoEntry: false })) throw new Error(`${to} exists`)
    await rename(from, to)
  },
  async syncFolder(path) {
    const folder = await open(path, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  },
}

function logFile(handle: FileHandle, inode: number): LogFile {
  return {
    inode,
    async append(bytes) {
      // A nearly full disk takes a part and says how much; the next attempt says ENOSPC.
      for (let at = 0; at < bytes.length; ) at += await writeSome(handle.fd, bytes, at)
    },
    // The callback calls: the promise ones of a FileHandle cost a tenth of the whole commit.
    sync: () =>
      new Promise((resolve, reject) => {
        fdatasync(handle.fd, (error) => (error ? reject(error) : resolve()))
      }),
    truncate: (bytes) => handle.truncate(bytes),
    close: () => handle.close(),
  }
}

function writeSome(fd: number, bytes: Buffer, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, at, bytes.length - at, null, (error, written) => (error ? reject(error) : resolve(written)))
  })
}
