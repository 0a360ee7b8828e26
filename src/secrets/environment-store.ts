import { isAbsolute } from 'node:path'
import { HardshellError, Secret } from '../base/index.ts'
import { looksLikeCredential, type Environment } from './environment.ts'
import { readOnly } from './failures.ts'
import { readSecretFile } from './secret-file.ts'
import { checkedName, spellingsOf } from './secret-name.ts'
import { nothingToTend, type SecretStore, type StoredSecret } from './store.ts'

/**
 * `NAME_FILE`, then `NAME`. An empty variable counts as unset; a file that is named and not there is a failure, for
 * then something was meant to be.
 * @param sharedFolders folders whose files may be readable by all (see `readSecretFile`)
 */
export function createEnvironmentStore(env: Environment, sharedFolders: readonly string[]): SecretStore {
  const find = async (name: string): Promise<StoredSecret | null> => {
    for (const spelling of spellingsOf(checkedName(name))) {
      const named = env[`${spelling}_FILE`]
      if (named) return await fromNamedFile(`${spelling}_FILE`, named, sharedFolders)
      const value = env[spelling]
      if (value) return { ...unversioned, secret: new Secret(value), place: `environment ${spelling}` }
    }
    return null
  }
  return {
    kind: 'environment',
    get: async (name, version) => (version === undefined ? await find(name) : null),
    put: async () => {
      throw readOnly('the environment of the guard')
    },
    versions: async () => [],
    remove: async () => {
      throw readOnly('the environment of the guard')
    },
    list: async () => namesIn(env).map((name) => ({ name, createdAt: null })),
    health: async () => ({ ok: true, detail: 'read when the guard started' }),
    ...nothingToTend,
  }
}

const unversioned = { version: null, createdAt: null, store: 'environment' } as const

/** What looks like a secret; nobody wants `PATH` in an inventory. */
function namesIn(env: Environment): string[] {
  const names = Object.entries(env).flatMap(([variable, value]) => {
    const name = variable.replace(/_FILE$/, '')
    // With a letter before it: of whole families (AWS_REGION) only the members that say so themselves are secrets.
    return value && /^[A-Za-z_]\w*$/.test(name) && looksLikeCredential(`X_${name}`, value) ? [name] : []
  })
  return [...new Set(names)].sort()
}

async function fromNamedFile(variable: string, path: string, folders: readonly string[]): Promise<StoredSecret> {
  const secret = await readSecretFile(path, folders)
  if (secret) return { ...unversioned, secret, place: `file ${path}` }
  throw new HardshellError(
    'secrets.unreadable-file',
    `${variable} names a file that is not there: ${printablePath(path)}`,
    {
      hint: `create the file or unset ${variable}`,
    },
  )
}

/** Somebody may have put the key itself where its path belongs; paths have a slash or are short. */
function printablePath(path: string): string {
  return isAbsolute(path) ? path : '(a relative path, not shown in case it is the secret itself)'
}
