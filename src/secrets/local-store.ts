import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  HardshellError,
  isNodeError,
  messageOf,
  writeFileAtomic,
  type Clock,
  type Random,
  type Secret,
} from '../base/index.ts'
import { makeLocalKey, readLocalKey } from './local-key.ts'
import { seal, unseal, type Sealed } from './sealed.ts'
import { checkedName } from './secret-name.ts'

/** What a list may show of a secret. */
export interface StoredName {
  name: string
  /** UTC, ISO 8601. */
  createdAt: string
}

/**
 * Secrets of this machine, each sealed on its own in one file; the key lies in another, so that the file alone (in a
 * backup, in a repository) gives nothing away. Whoever can read both has the secrets: that is the operator's user.
 */
export interface LocalStore {
  /** @returns `null` when there is none of that name. @throws HardshellError `secrets.store-damaged` */
  get(name: string): Promise<Secret | null>
  /** Adds or replaces. @throws HardshellError `secrets.bad-name`, `secrets.store-locked`, `secrets.store-damaged` */
  put(name: string, secret: Secret): Promise<void>
  /** @returns false when there was none of that name. */
  remove(name: string): Promise<boolean>
  /** Sorted by name; never a value. */
  list(): Promise<StoredName[]>
}

export function openLocalStore(
  { path, keyPath }: { path: string; keyPath: string },
  { clock, random }: { clock: Clock; random: Random },
): LocalStore {
  return {
    async get(name) {
      const sealed = (await readEntries(path)).get(checkedName(name))
      if (!sealed) return null
      const key = await readLocalKey(keyPath)
      const secret = key && unseal(name, sealed, key)
      if (secret) return secret
      throw damaged(
        key
          ? `the secret ${name} in ${path} cannot be opened with the key ${keyPath}`
          : `the key file ${keyPath} of ${path} is gone`,
        keyPath,
      )
    },

    async put(name, secret) {
      checkedName(name)
      await changeEntries(path, async (entries) => {
        const key = await keyFor(entries, path, keyPath, random)
        const createdAt = new Date(clock.now()).toISOString()
        return new Map(entries).set(name, seal(name, secret, { key, createdAt, random }))
      })
    },

    async remove(name) {
      let found = false
      await changeEntries(path, async (entries) => {
        const rest = new Map(entries)
        found = rest.delete(name)
        return found ? rest : null
      })
      return found
    },

    async list() {
      const names = [...(await readEntries(path))].map(([name, { createdAt }]) => ({ name, createdAt }))
      return names.sort((a, b) => (a.name < b.name ? -1 : 1))
    },
  }
}

type Entries = ReadonlyMap<string, Sealed>

/** A new key beside old entries would lock them in for good, so it is made for an empty store only. */
async function keyFor(entries: Entries, path: string, keyPath: string, random: Random): Promise<Buffer> {
  const key = await readLocalKey(keyPath)
  const [first] = entries
  if (!key && first) throw damaged(`the key file ${keyPath} of ${path} is gone`, keyPath)
  if (key && first && !unseal(first[0], first[1], key))
    throw damaged(`the key ${keyPath} does not open ${path}`, keyPath)
  return key ?? (await makeLocalKey(keyPath, random))
}

/** Reads, changes and writes whole under a lock file; `null` from the change: nothing to write. */
async function changeEntries(path: string, change: (entries: Entries) => Promise<Entries | null>): Promise<void> {
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
    // A change takes milliseconds: whoever holds the lock for two seconds is gone or stuck.
    for (let attempt = 0; attempt < 80; attempt++) {
      const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
        if (isNodeError(error, 'EEXIST')) return null
        throw error
      })
      if (file) {
        await file.close()
        return async () => await rm(path, { force: true })
      }
      await wait(25)
    }
  } catch (error) {
    throw failed(path, error)
  }
  throw new HardshellError('secrets.store-locked', `another process is changing the secret store: ${path} is there`, {
    hint: `if no hardshell is running that could, remove ${path}`,
  })
}

async function readEntries(path: string): Promise<Entries> {
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
  return entries.every((entry): entry is [string, Sealed] => isSealed(entry[1])) ? new Map(entries) : null
}

function isSealed(value: unknown): value is Sealed {
  return isRecord(value) && ['createdAt', 'nonce', 'tag', 'data'].every((field) => typeof value[field] === 'string')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function damaged(message: string, keyPath: string): HardshellError {
  return new HardshellError('secrets.store-damaged', message, {
    hint: `restore ${keyPath} from a backup, or put the secrets into a new store`,
  })
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
