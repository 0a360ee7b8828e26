import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isNodeError, messageOf } from '../base/index.ts'
import { readOnly } from './failures.ts'
import { readSecretFile } from './secret-file.ts'
import { checkedName, fileNamesOf } from './secret-name.ts'
import { nothingToTend, type SecretStore, type StoredSecret } from './store.ts'

/**
 * Folders in which the system lays out secrets as files: systemd's `$CREDENTIALS_DIRECTORY`, Docker's `/run/secrets`.
 * Files go under the name of the secret, in lower case, or with dashes.
 */
export function createFolderStore(folders: readonly string[]): SecretStore {
  const find = async (name: string): Promise<StoredSecret | null> => {
    for (const folder of folders) {
      for (const fileName of fileNamesOf(checkedName(name))) {
        const path = join(folder, fileName)
        const secret = await readSecretFile(path, folders)
        if (secret) return { secret, version: null, createdAt: null, store: 'files', place: `file ${path}` }
      }
    }
    return null
  }
  return {
    kind: 'files',
    get: async (name, version) => (version === undefined ? await find(name) : null),
    put: async () => {
      throw readOnly(folders.join(' and '))
    },
    versions: async () => [],
    remove: async () => {
      throw readOnly(folders.join(' and '))
    },
    list: async () => (await namesIn(folders)).map((name) => ({ name, createdAt: null })),
    health: async () => {
      try {
        return { ok: true, detail: `${(await namesIn(folders)).length} in ${folders.join(', ')}` }
      } catch (error) {
        return { ok: false, detail: messageOf(error) }
      }
    },
    ...nothingToTend,
  }
}

async function namesIn(folders: readonly string[]): Promise<string[]> {
  const names = new Set<string>()
  for (const folder of folders) {
    const entries = await readdir(folder).catch((error: unknown) => {
      if (isNodeError(error, 'ENOENT')) return []
      throw error
    })
    for (const entry of entries) {
      const name = entry.toUpperCase().replaceAll('-', '_')
      if (/^[A-Z_][A-Z0-9_]*$/.test(name)) names.add(name)
    }
  }
  return [...names].sort()
}
