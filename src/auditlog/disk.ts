import { constants, lstatSync, write } from 'node:fs'
import { open, rename, type FileHandle } from 'node:fs/promises'

/** One open file that only grows. */
export interface LogFile {
  /** Which file it is, whatever it is called by now. */
  readonly inode: number
  /** Adds all of it, safe from a power cut once this resolves; after a throw some of it may be there. */
  append(bytes: Buffer): Promise<void>
  /** Makes the file this short; all that is left is safe from a power cut once this resolves. */
  cut(bytes: number): Promise<void>
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

// Linux: a write through O_DSYNC is a write and an fdatasync in one call (open(2)), which saves a trip through the
// thread pool, a tenth of a commit. macOS: only fsync, as Node does it (F_FULLFSYNC), reaches the platters.
const syncsItself = process.platform === 'linux'

/** The machine's own disk. */
export const systemDisk: Disk = {
  async open(path, { mode, how }) {
    const creation = how === 'create' ? constants.O_CREAT | constants.O_EXCL : 0
    // O_APPEND: a second writer that got past the lock would break the chain visibly instead of overwriting it.
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW | creation
    const handle = await open(path, flags | (syncsItself ? constants.O_DSYNC : 0), mode)
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
      if (!syncsItself) await handle.datasync()
    },
    async cut(bytes) {
      if ((await handle.stat()).size !== bytes) await handle.truncate(bytes)
      await handle.datasync()
    },
    close: () => handle.close(),
  }
}

// The callback call: the promise one of a FileHandle costs a tenth of the whole commit.
function writeSome(fd: number, bytes: Buffer, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, at, bytes.length - at, null, (error, written) => (error ? reject(error) : resolve(written)))
  })
}
