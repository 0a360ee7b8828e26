import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HardshellError, isNodeError, messageOf, writeFileAtomic, isRecord } from '../base/index.ts'
import { lockFile } from './local-lock.ts'
import type { Sealed } from './sealed.ts'

/** One name in the file: the current version as it always was, with those before it beside. */
export interface Entry extends Sealed {
  /** From 1; entries of older guards have none. */
  version?: number
  /** Newest first. */
  previous?: (Sealed & { version?: number })[]
}

/** The whole file, by name. */
export type Entries = ReadonlyMap<string, Entry>

/** Reads, changes and writes whole under a lock file; `null` from the change: nothing to write. */
export async function changeEntries(path: string, change: (entries: Entries) => Promise<Entries | null>): Promise<void> {
  const unlock = await lock(`${path}.lock`)
  try {
    const entries = await change(await readEntries(path))
    if (entries)
      await writeFileAtomic(path, `${JSON.stringify({ version: 1, entries: Object.fromEntries(entries) }, null, 2)}\n`)
  } catch (error) {
    throw error instanceof HardshellError ? error : failed(path, error)
  } finally {
    await unlock()
  }
}

async function lock(path: string): Promise<() => Promise<void>> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    return await lockFile(path)
  } catch (error) {
    throw error instanceof HardshellError ? error : failed(path, error)
  }
}

/** A file that is not there holds nothing. @throws HardshellError `secrets.store-damaged`, `secrets.store-failed` */
export async function readEntries(path: string): Promise<Entries> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return new Map()
    throw failed(path, error)
  }
  const entries = parseEntries(text)
  if (entries) return entries
  throw new HardshellError('secrets.store-damaged', `${path} is not a secret store of this version`, {
    hint: `restore ${path} from a backup`,
  })
}

/** The parser's own error is dropped: it quotes the text, and somebody may have pasted secrets in here. */
function parseEntries(text: string): Entries | null {
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch {
    return null
  }
  if (!isRecord(file) || file.version !== 1 || !isRecord(file.entries)) return null
  const entries = Object.entries(file.entries)
  return entries.every((entry): entry is [string, Entry] => isEntry(entry[1])) ? new Map(entries) : null
}

function isEntry(value: unknown): value is Entry {
  if (!isSealed(value)) return false
  const { previous } = value as { previous?: unknown }
  return previous === undefined || (Array.isArray(previous) && previous.every(isSealed))
}

function isSealed(value: unknown): value is Sealed {
  if (!isRecord(value) || !['createdAt', 'nonce', 'tag', 'data'].every((field) => typeof value[field] === 'string')) return false
  return value.version === undefined || Number.isSafeInteger(value.version)
}

function failed(path: string, error: unknown): HardshellError {
  return new HardshellError(
    'secrets.store-failed',
    `the secret store ${path} cannot be read or written: ${messageOf(error)}`,
    {
      hint: 'check the rights of the file and its folder, and free space',
      cause: error,
    },
  )
}
