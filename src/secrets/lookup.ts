import { isAbsolute } from 'node:path'
import { HardshellError, systemClock, systemRandom, type Secret } from '../base/index.ts'
import { createCurrent } from './current.ts'
import { createEnvironmentStore } from './environment-store.ts'
import type { Environment } from './environment.ts'
import { expandReferences } from './expand.ts'
import { createFolderStore } from './folder-store.ts'
import { keepLastGood } from './last-good.ts'
import { openLocalStore, type LocalStore } from './local-store.ts'
import { openProvider, type Provider, type ProviderPorts } from './provider.ts'
import { createRemembered, type Remembered, type ReportSecretEvent, type StaleSecret } from './remembered.ts'
import { checkedName, spellingsOf } from './secret-name.ts'
import type { SecretsSettings } from './settings.ts'
import type { SecretStore, StoredSecret } from './store.ts'
import { openUsage, type UsageRecord } from './usage.ts'

/** Where secrets are looked for. */
export interface SecretOptions {
  env: Environment
  /** systemd's folder of credentials; default `$CREDENTIALS_DIRECTORY`. */
  credentialsDirectory?: string | undefined
  /** Docker's folder of secrets; default `/run/secrets`. */
  runSecretsDirectory?: string | undefined
  /** The encrypted store of this machine; without both paths there is none. */
  localPath?: string | undefined
  localKeyPath?: string | undefined
  /** The store of the settings; left out: only the places above. */
  settings?: SecretsSettings | undefined
  /** Where values of a remote store are kept, sealed with the local key, for a start without it; left out: nowhere. */
  lastGoodPath?: string | undefined
  /** Where is written when each secret was used last; left out: nowhere. */
  usagePath?: string | undefined
}

export interface SecretPorts extends Pick<ProviderPorts, 'clock' | 'random' | 'loadAws' | 'loadKeychain' | 'tls'> {
  /** Left out: nobody is told. */
  report?: ReportSecretEvent | undefined
}

export interface Secrets {
  /**
   * A name the settings map to a place in Vault or AWS comes from there and from nowhere else: a store that says no is
   * not talked around. Any other is the first found of: the file that `NAME_FILE` names, environment `NAME`,
   * `$CREDENTIALS_DIRECTORY`, `/run/secrets` (there also in lower case and with dashes), the keychain where the settings
   * name it, the local store. Names may be given in any case; an empty environment variable counts as unset.
   * @returns `null` when it is in none of them
   * @throws HardshellError `secrets.bad-name`, `secrets.unsafe-file`, `secrets.unreadable-file` (also when `NAME_FILE`
   *   names a file that is not there: then something is meant to be), `secrets.store-damaged`, `secrets.store-failed`,
   *   and those of a remote store: `secrets.store-denied`, `-timeout`, `-unreachable`, `-answer`
   */
  get(name: string): Promise<Secret | null>
  /** As `get`, for calls that come by the thousand: at once from memory, where the last look was a moment ago. */
  current(name: string): Secret | null | Promise<Secret | null>
  /** As `get`, with place, version and age. It does not count as a use. */
  find(name: string): Promise<StoredSecret | null>
  /**
   * A setting with its `$NAME` and `${NAME}` replaced by secrets; `$$` stands for a dollar sign. Text without
   * references comes back as it is, as a secret.
   * @throws HardshellError `secrets.missing` naming the secret and where it was looked for, `secrets.bad-reference`
   */
  expand(value: string): Promise<Secret>
  /** Asks the store anew, after a rotation: what `get` gives from now on is what the store has now. */
  refresh(name: string): Promise<void>
  /** The store that has, or would get, the secret of this name: where a rotation puts a new version. */
  storeOf(name: string): Promise<SecretStore | null>
  /** All of them, in the order of search. */
  readonly stores: readonly SecretStore[]
  /** `null` when no paths for it were given. */
  readonly local: LocalStore | null
  readonly usage: UsageRecord
  /** What an outage of the remote store makes us use; empty without one. */
  stale(): readonly StaleSecret[]
  /** Renews tokens and looks again at what is due, every few seconds until it is stopped. */
  keepFresh(): { stop(): void }
  /** Ends connections and writes what is not written yet. */
  close(): Promise<void>
}

export function createSecrets(
  options: SecretOptions,
  ports: SecretPorts = { clock: systemClock, random: systemRandom },
): Secrets {
  const world = worldOf(options, ports)
  const { remembered, local, usage } = world
  const get = async (name: string): Promise<Secret | null> => {
    const found = await find(world, checkedName(name))
    if (found) usage.note(name)
    return found?.secret ?? null
  }
  const current = createCurrent(get, ports)
  return {
    local,
    usage,
    current: (name) => current.get(name),
    stores: [...world.places, ...(remembered ? [remembered.store] : []), ...(local ? [local.store] : [])],
    find: async (name) => await find(world, checkedName(name)),
    get,
    expand: async (value) =>
      await expandReferences(value, async (name) => {
        const secret = await get(name)
        if (!secret) throw missing(world, name)
        return secret
      }),
    refresh: async (name) => {
      if (world.provider?.owns(checkedName(name)) || !world.provider?.remote) await remembered?.refresh(name)
      current.forget(name)
    },
    storeOf: async (name) => await storeOf(world, checkedName(name)),
    stale: () => remembered?.stale() ?? [],
    keepFresh: () => keepFresh(remembered),
    close: async () => {
      await remembered?.store.close()
      await usage.flush()
    },
  }
}

interface World {
  env: Environment
  folders: readonly string[]
  /** Always looked at, in this order: environment, folders. */
  places: readonly SecretStore[]
  provider: Provider | null
  remembered: Remembered | null
  local: LocalStore | null
  usage: UsageRecord
}

function worldOf(options: SecretOptions, ports: SecretPorts): World {
  const { env, localPath, localKeyPath: keyPath, lastGoodPath, settings } = options
  const all = [options.credentialsDirectory ?? env.CREDENTIALS_DIRECTORY, options.runSecretsDirectory ?? '/run/secrets']
  // A relative folder would depend on where we were started, and so on who started us.
  const folders = all.filter((folder): folder is string => folder !== undefined && isAbsolute(folder))
  const local = localPath && keyPath ? openLocalStore({ path: localPath, keyPath }, ports) : null
  const usage = openUsage(options.usagePath ?? null, ports)
  const bare: World = {
    env,
    folders,
    places: [createEnvironmentStore(env, folders), createFolderStore(folders)],
    provider: null,
    remembered: null,
    local,
    usage,
  }
  const provider = settings ? openProvider(settings, { ...ports, credential: async (name) => await needed(bare, name) }) : null
  if (!settings || !provider) return bare
  const place = provider.remote && lastGoodPath && keyPath ? { path: lastGoodPath, keyPath, keepVersions: 0 } : null
  const kept = place && openLocalStore(place, ports)
  const lastGood = kept && keepLastGood(kept, { kind: provider.store.kind, placeOf: provider.placeOf }, ports)
  const report = ports.report ?? (() => {})
  const remembered = createRemembered(provider.store, { ttlMs: settings.cache_ttl }, { clock: ports.clock, lastGood, report })
  return { ...bare, provider, remembered }
}

async function find(world: World, name: string): Promise<StoredSecret | null> {
  const { places, provider, remembered, local } = world
  if (provider?.owns(name)) return await remembered!.get(name)
  for (const place of places) {
    const found = await place.get(name)
    if (found) return found
  }
  const inKeychain = provider && !provider.remote ? await remembered!.get(name) : null
  return inKeychain ?? (local && (await findLocally(local, name)))
}

async function findLocally(local: LocalStore, name: string): Promise<StoredSecret | null> {
  for (const spelling of spellingsOf(name)) {
    const found = await local.store.get(spelling)
    if (found) return found
  }
  return null
}

async function storeOf({ places, provider, local }: World, name: string): Promise<SecretStore | null> {
  if (provider?.owns(name)) return provider.store
  for (const place of places) if (await place.get(name)) return place
  if (provider && !provider.remote && !(local && (await findLocally(local, name)))) return provider.store
  return local?.store ?? null
}

async function needed(world: World, name: string): Promise<Secret> {
  const found = await find(world, name)
  if (found) return found.secret
  throw missing(world, name)
}

// A lease of a minute, the shortest anybody hands out, still meets a look in its last third.
const tendEveryMs = 15_000

function keepFresh(remembered: Remembered | null): { stop(): void } {
  if (!remembered) return { stop: () => {} }
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    void remembered.tend().finally(() => (busy = false))
  }, tendEveryMs).unref()
  return { stop: () => clearInterval(timer) }
}

function missing({ env, folders, local, provider }: World, name: string): HardshellError {
  const places = provider?.owns(name)
    ? [`${provider.store.kind}, where secrets of the configuration say it lies`]
    : [
        `environment ${name}_FILE`,
        `environment ${name}${env[name] === '' ? ' (empty)' : ''}`,
        ...folders,
        ...(provider && !provider.remote ? ['keychain'] : []),
        ...(local ? ['local store'] : []),
      ]
  return new HardshellError('secrets.missing', `the secret ${name} was not found in: ${places.join(', ')}`, {
    hint: provider?.owns(name) ? 'hardshell secrets status' : `set ${name}, or ${name}_FILE to the path of a file that holds it`,
  })
}
