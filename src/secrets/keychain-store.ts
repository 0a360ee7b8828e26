import { HardshellError, isNodeError, messageOf, Secret } from '../base/index.ts'
import { checkedName, spellingsOf } from './secret-name.ts'
import type { SecretStore, StoredSecret } from './store.ts'
import { timedOut } from './failures.ts'

/** As much of `@napi-rs/keyring` as we use: a port, so that a machine without a keychain can be tried. */
export interface Keychain {
  AsyncEntry: new (service: string, name: string, options?: { linux?: { store: 'secret-service' } }) => {
    getPassword(): Promise<string | null>
    setPassword(value: string): Promise<void>
    deleteCredential(): Promise<boolean>
  }
  findCredentialsAsync(service: string): Promise<{ account: string }[]>
}

export type LoadKeychain = () => Promise<Keychain>

const packageName = '@napi-rs/keyring'
const keychainName = 'the keychain'

/**
 * The keychain of the operating system: Keychain on macOS, Credential Manager on Windows, the Secret Service of the
 * desktop on Linux. It keeps no versions. A server without a desktop session has none; the kernel's keyring, which
 * forgets everything at a restart, is not taken in its place.
 */
export function createKeychainStore(
  { service, timeoutMs }: { service: string; timeoutMs: number },
  load: LoadKeychain = async () => await import('@napi-rs/keyring'),
): SecretStore {
  const ask = async <T>(work: (keychain: Keychain) => Promise<T>): Promise<T> => {
    const keychain = await loadKeychain(load)
    return await withinTime(async () => await work(keychain), timeoutMs)
  }
  const entry = ({ AsyncEntry }: Keychain, name: string) => new AsyncEntry(service, name, { linux: { store: 'secret-service' } })
  const find = async (keychain: Keychain, name: string): Promise<StoredSecret | null> => {
    for (const spelling of spellingsOf(checkedName(name))) {
      const value = await entry(keychain, spelling).getPassword()
      const place = `keychain ${service}/${spelling}`
      if (value) return { secret: new Secret(value), version: null, createdAt: null, store: 'keychain', place }
    }
    return null
  }
  return {
    kind: 'keychain',
    get: async (name, version) => (version === undefined ? await ask((keychain) => find(keychain, name)) : null),
    put: async (name, secret) => {
      await ask((keychain) => entry(keychain, checkedName(name)).setPassword(secret.reveal()))
      return { version: 'current', createdAt: null, current: true }
    },
    versions: async () => [],
    remove: async (name) => await ask((keychain) => entry(keychain, checkedName(name)).deleteCredential()),
    list: async () => {
      const found = await ask((keychain) => keychain.findCredentialsAsync(service))
      return found.map(({ account }) => ({ name: account, createdAt: null })).sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    health: async () => {
      try {
        await ask((keychain) => entry(keychain, 'HARDSHELL_KEYCHAIN_TRIAL').getPassword())
        return { ok: true, detail: `${keychainName} answers` }
      } catch (error) {
        return { ok: false, detail: messageOf(error) }
      }
    },
    tend: async () => {},
    close: async () => {},
  }
}

async function loadKeychain(load: LoadKeychain): Promise<Keychain> {
  try {
    return await load()
  } catch (error) {
    // On a platform it has no binary for, the package itself throws a plain error.
    const absent = isNodeError(error, 'ERR_MODULE_NOT_FOUND') || isNodeError(error, 'MODULE_NOT_FOUND')
    const how = absent ? 'is not installed' : 'does not load here'
    throw new HardshellError('secrets.package-missing', `the keychain needs the package ${packageName}, which ${how}`, {
      hint: `npm install ${packageName}, or secrets.provider: environment (files and the local store need no package)`,
    })
  }
}

/** A locked keychain asks a person, who may not be there. */
async function withinTime<T>(work: () => Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timedOut(keychainName, timeoutMs)), timeoutMs)
  })
  try {
    return await Promise.race([work(), late]) // the package throws at once where there is no keychain
  } catch (error) {
    if (error instanceof HardshellError) throw error
    // The package's own words are dropped: what they may quote is not documented.
    throw new HardshellError('secrets.keychain-unavailable', 'this session has no keychain, or it is locked', {
      hint: 'unlock it, or use secrets.provider: environment (files and the encrypted local store work without a desktop)',
    })
  } finally {
    clearTimeout(timer)
  }
}
