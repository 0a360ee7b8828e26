import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { isNodeError } from '../base/index.ts'

/** One file of the configuration as it was at some moment. */
export interface KeptFile {
  path: string
  /** Of its bytes, hexadecimal; `null`: there was no such file. */
  sha256: string | null
  /** Permission bits, owner and group; zero where there was no file. */
  mode: number
  uid: number
  gid: number
}

/** Who changed it: the guard or a command of ours, or anybody else, whom the guard saw. */
export type Cause = 'ours' | 'seen'

/** The whole configuration at one moment: OpenClaw's file and the guard's own. */
export interface Snapshot {
  /** `20261122-001554-7`: when, and the how manieth. */
  id: string
  /** Counts up; a clock that is set back does not change the order. */
  number: number
  /** Wall time, ms. */
  at: number
  by: string
  /** What was about to happen, or had happened: one sentence. */
  why: string
  cause: Cause
  files: readonly KeptFile[]
}

/** A file and its bytes. */
export interface ReadFile extends KeptFile {
  bytes: Buffer | null
}

// OpenClaw's own configurations in the wild are below 100 KiB; a file of this size is no configuration.
const maxFileBytes = 8 * 1024 * 1024

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * Reads a file of the configuration as it is now.
 * @param links `refuse` where somebody else owns the folder, and so decides what lies under the name
 * @throws Error for what is no plain file, or is too large to be a configuration
 */
export async function readConfigFile(path: string, links: 'follow' | 'refuse'): Promise<ReadFile> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  const file = await open(path, O_RDONLY | O_NONBLOCK | (links === 'refuse' ? O_NOFOLLOW : 0)).catch((error: unknown) => {
    if (isNodeError(error, 'ENOENT')) return null
    throw error
  })
  if (file === null) return { path, sha256: null, mode: 0, uid: 0, gid: 0, bytes: null }
  try {
    const status = await file.stat()
    if (!status.isFile()) throw new Error(`${path} is no plain file`)
    if (status.size > maxFileBytes) throw new Error(`${path} has ${status.size} bytes: no configuration is that long`)
    const bytes = await file.readFile()
    return { path, sha256: digestOf(bytes), mode: status.mode & 0o7777, uid: status.uid, gid: status.gid, bytes }
  } finally {
    await file.close()
  }
}

/** Whether two states of a configuration are the same, rights included. Pure. */
export function isSame(a: readonly KeptFile[], b: readonly KeptFile[]): boolean {
  const facts = (files: readonly KeptFile[]): Set<string> => new Set(files.filter(({ sha256 }) => sha256 !== null).map(({ path, sha256, mode, uid, gid }) => JSON.stringify([path, sha256, mode, uid, gid])))
  const [one, other] = [facts(a), facts(b)]
  return one.size === other.size && [...one].every((fact) => other.has(fact))
}
