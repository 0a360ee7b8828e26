import {
  closeSync,
  constants,
  fchmodSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs'

/** One open file that only grows. All but `sync` block: what they do ends in the kernel's memory, or is rare. */
export interface LogFile {
  /** Which file it is, whatever it is called by now. */
  readonly inode: number
  /** Hands all of it to the kernel; after a throw some of it may be there. */
  write(text: string): void
  /** Everything written so far is safe from a power cut once this resolves. */
  sync(): Promise<void>
  /** The same, at once. */
  syncNow(): void
  /** Makes the file this short; all that is left is safe from a power cut. */
  cut(bytes: number): void
  /** Also while a `sync` is under way. */
  close(): void
}

/** The part of a file system the log writes through: a port, so that tests can fill the disk. */
export interface Disk {
  /**
   * Opens for appending. `create` refuses a name that exists, `existing` one that does not; neither follows a link.
   * @param more.mode permission bits, given to the file in either case
   */
  open(path: string, more: { mode: number; how: 'create' | 'existing' }): LogFile
  /** What stands under the name. `null`: nothing. Answered from the kernel's memory. */
  look(path: string): { inode: number; bytes: number } | null
  /** @throws also when `to` exists: a segment is never written over */
  rename(from: string, to: string): void
  /** Makes created and renamed names survive a power cut. */
  syncFolder(path: string): void
}

/** The machine's own disk. */
export const systemDisk: Disk = {
  open(path, { mode, how }) {
    const creation = how === 'create' ? constants.O_CREAT | constants.O_EXCL : 0
    // O_APPEND: a second writer that got past the lock would break the chain visibly instead of overwriting it.
    const fd = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW | creation, mode)
    fchmodSync(fd, mode) // the umask may have taken bits away, an old file may have more
    return logFile(fd, fstatSync(fd).ino)
  },
  look(path) {
    const found = lstatSync(path, { throwIfNoEntry: false })
    return found ? { inode: found.ino, bytes: found.size } : null
  },
  rename(from, to) {
    if (lstatSync(to, { throwIfNoEntry: false })) throw new Error(`${to} exists`)
    renameSync(from, to)
  },
  syncFolder(path) {
    const fd = openSync(path, 'r')
    try {
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
  },
}

function logFile(fd: number, inode: number): LogFile {
  let syncs = 0
  let isClosing = false
  const closeWhenIdle = (): void => {
    if (isClosing && syncs === 0) closeSync(fd)
  }
  return {
    inode,
    write: (text) => writeWhole(fd, text),
    sync() {
      syncs++
      return new Promise((resolve, reject) => {
        // macOS: Node's fdatasync is F_FULLFSYNC, which reaches the platters.
        fdatasync(fd, (error) => {
          syncs--
          closeWhenIdle()
          if (error) reject(error)
          else resolve()
        })
      })
    },
    syncNow: () => fdatasyncSync(fd),
    cut(bytes) {
      if (fstatSync(fd).size !== bytes) ftruncateSync(fd, bytes)
      fdatasyncSync(fd)
    },
    close() {
      isClosing = true
      closeWhenIdle()
    },
  }
}

/** A nearly full disk takes a part and says how much; the next attempt says ENOSPC. */
function writeWhole(fd: number, text: string): void {
  const size = Buffer.byteLength(text)
  let at = writeSync(fd, text)
  if (at === size) return
  const bytes = Buffer.from(text)
  while (at < size) at += writeSync(fd, bytes, at, size - at)
}
