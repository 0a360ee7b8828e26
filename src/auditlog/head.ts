import { hash } from 'node:crypto'
import { constants, writeSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { isNodeError } from '../base/index.ts'

/**
 * How far the log was acknowledged, kept beside it: whole lines missing from the end leave a chain that is sound,
 * and only this record knows better.
 */
export interface HeadRecord {
  /** -1: the log is empty. */
  seq: number
  /** `sha256:` and the digest of the last line. */
  hash: string
  /** Length of the active file. */
  bytes: number
  /** Name of the active file. */
  file: string
}

/** The head record, held open for being overwritten after every commit. */
export interface HeadFile {
  write(record: HeadRecord): void
  sync(): Promise<void>
  close(): Promise<void>
}

// One disk sector: overwritten in place it is the old record or the new one after a power cut, never half of each.
const recordBytes = 512

/** Where the head record of a log lives. */
export function headPath(path: string): string {
  return `${path}.head`
}

/** Opens the head record for writing, 0600 unless told otherwise. */
export async function openHead(path: string, mode: number): Promise<HeadFile> {
  const handle = await open(headPath(path), constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, mode)
  await handle.chmod(mode)
  return {
    // Blocking on purpose: 512 bytes into the page cache take microseconds, a thread pool round trip ten times that.
    // Not synced: after `kill -9` the kernel still has it; after a power cut it may lag, and a lagging head is fine.
    write: (record) => void writeSync(handle.fd, formatHead(record), 0),
    sync: () => handle.sync(),
    close: () => handle.close(),
  }
}

/** @returns `null` when there is none, `'unreadable'` when there is something else under its name */
export async function readHead(path: string): Promise<HeadRecord | 'unreadable' | null> {
  for (let attempt = 1; ; attempt++) {
    let text: string
    try {
      text = await readFile(headPath(path), 'utf8')
    } catch (error) {
      if (isNodeError(error, 'ENOENT')) return null
      throw error
    }
    const record = parseHead(text)
    if (record) return record
    // A read may meet an overwrite half way; it will not do so four times in a row.
    if (attempt === 4) return 'unreadable'
    await sleep(5)
  }
}

function formatHead(record: HeadRecord): string {
  const body = JSON.stringify(record).slice(0, -1)
  return `${`${body},"check":"${checkOf(body)}"}`.padEnd(recordBytes - 1)}\n`
}

function parseHead(text: string): HeadRecord | null {
  const match = /^(\{.*),"check":"([0-9a-f]{16})"\} *\n$/.exec(text)
  if (!match || checkOf(match[1]!) !== match[2]) return null
  return JSON.parse(`${match[1]}}`) as HeadRecord
}

/** Tells a torn record from a whole one; no protection against anybody. */
function checkOf(body: string): string {
  return hash('sha256', body, 'hex').slice(0, 16)
}
