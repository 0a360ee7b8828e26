import { constants, type Stats } from 'node:fs'
import { lstat, open, type FileHandle } from 'node:fs/promises'
import { isNodeError } from '../base/index.ts'
import { auditlogError } from './errors.ts'
import { listSegments } from './segments.ts'

/** The files of a log as they were at one moment, oldest first. */
export interface Snapshot {
  files: SnapshotFile[]
  close(): Promise<void>
}

export interface SnapshotFile {
  path: string
  /** As the name says; `null` for the active file. */
  firstSeq: number | null
  /** Whoever opens it closes it. */
  open(): Promise<FileHandle>
}

/**
 * Lists the files of a log. A rotation between looking and reading would move the active file's entries under
 * another name: so it is opened first, and the list taken again when its name changed hands meanwhile.
 */
export async function takeSnapshot(path: string): Promise<Snapshot> {
  for (;;) {
    const active = await openIfThere(path)
    const segments = await listSegments(path)
    if ((await inodeAt(path)) === ((await active?.stat())?.ino ?? null)) {
      const files: SnapshotFile[] = segments.map((segment) => ({ ...segment, open: () => openLog(segment.path) }))
      if (active) files.push({ path, firstSeq: null, open: () => Promise.resolve(active) })
      return { files, close: async () => await active?.close() }
    }
    await active?.close()
  }
}

/**
 * Opens a file of the log for reading; not through a link somebody planted, and without waiting for whoever should write
 * into a pipe of that name.
 * @throws HardshellError `auditlog.not-found` when it is no file
 */
export async function openLog(path: string): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  if ((await handle.stat()).isFile()) return handle
  await handle.close()
  throw auditlogError('auditlog.not-found', `${path} is not a file, so it is no audit log`, { hint: 'hardshell audit verify --file FILE' })
}

/** @returns `null` when there is none */
export async function openIfThere(path: string): Promise<FileHandle | null> {
  return await orNull(openLog(path))
}

/** Which file stands under a name. `null`: none. */
export async function inodeAt(path: string): Promise<number | null> {
  const found: Stats | null = await orNull(lstat(path))
  return found?.ino ?? null
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return null
    throw error
  }
}
