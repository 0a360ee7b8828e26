import { HardshellError, messageOf, type Clock, type Random, type Secret } from '../base/index.ts'
import { changeEntries, readEntries, type Entries, type Entry } from './local-file.ts'
import { makeLocalKey, readLocalKey } from './local-key.ts'
import { seal, unseal, type Sealed } from './sealed.ts'
import { checkedName } from './secret-name.ts'
import { nothingToTend, type SecretStore, type SecretVersion, type StoredName, type StoredSecret } from './store.ts'

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
  list(): Promise<(StoredName & { createdAt: string })[]>
  /** The same drawer with the face all stores have, versions included: the current one and the two before it. */
  readonly store: SecretStore
}

/** @param place.keepVersions how many versions before the current one stay readable; default 2 */
export function openLocalStore(
  // A rotation needs the one before until the new one has proven itself; one more for a rotation upon a rotation.
  { path, keyPath, keepVersions = 2 }: { path: string; keyPath: string; keepVersions?: number },
  { clock, random }: { clock: Clock; random: Random },
): LocalStore {
  const open = async (name: string, sealed: Sealed): Promise<Secret> => {
    const key = await readLocalKey(keyPath)
    const secret = key && unseal(name, sealed, key)
    if (secret) return secret
    throw damaged(
      key
        ? `the secret ${name} in ${path} cannot be opened with the key ${keyPath}`
        : `the key file ${keyPath} of ${path} is gone`,
      keyPath,
    )
  }
  const add = async (name: string, secret: Secret): Promise<SecretVersion> => {
    checkedName(name)
    const createdAt = new Date(clock.now()).toISOString()
    let number = 1
    await changeEntries(path, async (entries) => {
      const key = await keyFor(entries, path, keyPath, random)
      const before = entries.get(name)
      number = before ? versionOf(before) + 1 : 1
      const previous = allVersions(before).slice(0, keepVersions)
      return new Map(entries).set(name, { ...seal(name, secret, { key, createdAt, random }), version: number, previous })
    })
    return { version: String(number), createdAt, current: true }
  }
  const local: Omit<LocalStore, 'store'> = {
    async get(name) {
      const sealed = (await readEntries(path)).get(checkedName(name))
      return sealed ? await open(name, sealed) : null
    },

    put: async (name, secret) => void (await add(name, secret)),

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
  return { ...local, store: withFace(local, { path, add, open }) }
}

interface Inside {
  path: string
  add(name: string, secret: Secret): Promise<SecretVersion>
  open(name: string, sealed: Sealed): Promise<Secret>
}

function withFace(local: Omit<LocalStore, 'store'>, { path, add, open }: Inside): SecretStore {
  return {
    kind: 'local',
    get: async (name, version): Promise<StoredSecret | null> => {
      const all = allVersions((await readEntries(path)).get(checkedName(name)))
      const sealed = version === undefined ? all[0] : all.find((entry) => String(versionOf(entry)) === version)
      if (!sealed) return null
      const secret = await open(name, sealed)
      return { secret, version: String(versionOf(sealed)), createdAt: sealed.createdAt, store: 'local', place: 'local store' }
    },
    put: add,
    versions: async (name) =>
      allVersions((await readEntries(path)).get(checkedName(name))).map((entry, index) => ({
        version: String(versionOf(entry)),
        createdAt: entry.createdAt,
        current: index === 0,
      })),
    remove: local.remove,
    list: local.list,
    health: async () => {
      try {
        const [first] = await readEntries(path)
        if (first) await open(first[0], first[1])
        return { ok: true, detail: `${path} opens with its key` }
      } catch (error) {
        return { ok: false, detail: messageOf(error) }
      }
    },
    ...nothingToTend,
  }
}

/** The current one first. */
function allVersions(entry: Entry | undefined): (Sealed & { version?: number })[] {
  if (!entry) return []
  const { previous = [], ...current } = entry
  return [current, ...previous]
}

function versionOf(entry: { version?: number }): number {
  return entry.version ?? 1
}

/** A new key beside old entries would lock them in for good, so it is made for an empty store only. */
async function keyFor(entries: Entries, path: string, keyPath: string, random: Random): Promise<Buffer> {
  const key = await readLocalKey(keyPath)
  const [first] = entries
  if (!key && first) throw damaged(`the key file ${keyPath} of ${path} is gone`, keyPath)
  if (key && first && !unseal(first[0], first[1], key))
    throw damaged(`the key ${keyPath} does not open ${path}`, keyPath)
  return key ?? (await makeLocalKey(keyPath, random))
}

function damaged(message: string, keyPath: string): HardshellError {
  return new HardshellError('secrets.store-damaged', message, {
    hint: `restore ${keyPath} from a backup, or put the secrets into a new store`,
  })
}
