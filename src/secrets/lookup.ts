import { isAbsolute, join } from 'node:path'
import { HardshellError, Secret, systemClock, systemRandom, type Clock, type Random } from '../base/index.ts'
import type { Environment } from './environment.ts'
import { expandReferences } from './expand.ts'
import { openLocalStore, type LocalStore } from './local-store.ts'
import { readSecretFile } from './secret-file.ts'
import { checkedName, fileNamesOf } from './secret-name.ts'

/** Where secrets are looked for. */
export interface SecretOptions {
  env: Environment
  /** systemd's folder of credentials; default `$CREDENTIALS_DIRECTORY`. */
  credentialsDirectory?: string
  /** Docker's folder of secrets; default `/run/secrets`. */
  runSecretsDirectory?: string
  /** The encrypted store of this machine; without both paths there is none. */
  localPath?: string
  localKeyPath?: string
}

/** A secret and the place it came from, so that an inventory can name the place and not the value. */
export interface FoundSecret {
  secret: Secret
  /** `environment ANTHROPIC_API_KEY`, `file /run/secrets/anthropic-api-key`, `local store`. */
  place: string
}

export interface Secrets {
  /**
   * The first found of: the file that `NAME_FILE` names, environment `NAME`, `$CREDENTIALS_DIRECTORY`, `/run/secrets`
   * (there also in lower case and with dashes), the local store. An empty environment variable counts as unset.
   * @returns `null` when it is in none of them
   * @throws HardshellError `secrets.bad-name`, `secrets.unsafe-file`, `secrets.unreadable-file` (also when `NAME_FILE`
   *   names a file that is not there: then something is meant to be), `secrets.store-damaged`, `secrets.store-failed`
   */
  get(name: string): Promise<Secret | null>
  /** As `get`, with the place. */
  find(name: string): Promise<FoundSecret | null>
  /**
   * A setting with its `$NAME` and `${NAME}` replaced by secrets; `$$` stands for a dollar sign. Names in references
   * are upper case, as in OpenClaw's own. Text without references comes back as it is, as a secret.
   * @throws HardshellError `secrets.missing` naming the secret and where it was looked for, `secrets.bad-reference`
   */
  expand(value: string): Promise<Secret>
  /** `null` when no paths for it were given. */
  readonly local: LocalStore | null
}

export function createSecrets(
  options: SecretOptions,
  ports: { clock: Clock; random: Random } = { clock: systemClock, random: systemRandom },
): Secrets {
  const world = worldOf(options, ports)
  const secrets: Secrets = {
    local: world.local,
    find: async (name) => await find(world, checkedName(name)),
    get: async (name) => (await secrets.find(name))?.secret ?? null,
    expand: async (value) =>
      await expandReferences(value, async (name) => {
        const secret = await secrets.get(name)
        if (!secret) throw missing(world, name)
        return secret
      }),
  }
  return secrets
}

interface World {
  env: Environment
  /** In the order of search, the file folders that exist for us. */
  folders: readonly string[]
  local: LocalStore | null
}

function worldOf(options: SecretOptions, ports: { clock: Clock; random: Random }): World {
  const { env, localPath, localKeyPath } = options
  const folders = [
    options.credentialsDirectory ?? env.CREDENTIALS_DIRECTORY,
    options.runSecretsDirectory ?? '/run/secrets',
  ]
  return {
    env,
    // A relative folder would depend on where we were started, and so on who started us.
    folders: folders.filter((folder): folder is string => folder !== undefined && isAbsolute(folder)),
    local: localPath && localKeyPath ? openLocalStore({ path: localPath, keyPath: localKeyPath }, ports) : null,
  }
}

async function find({ env, folders, local }: World, name: string): Promise<FoundSecret | null> {
  const named = env[`${name}_FILE`]
  if (named) return await fromNamedFile(`${name}_FILE`, named, folders)
  const value = env[name]
  if (value) return { secret: new Secret(value), place: `environment ${name}` }
  for (const folder of folders) {
    for (const fileName of fileNamesOf(name)) {
      const path = join(folder, fileName)
      const secret = await readSecretFile(path, folders)
      if (secret) return { secret, place: `file ${path}` }
    }
  }
  const secret = await local?.get(name)
  return secret ? { secret, place: 'local store' } : null
}

async function fromNamedFile(variable: string, path: string, folders: readonly string[]): Promise<FoundSecret> {
  const secret = await readSecretFile(path, folders)
  if (secret) return { secret, place: `file ${path}` }
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

function missing({ env, folders, local }: World, name: string): HardshellError {
  const places = [
    `environment ${name}_FILE`,
    `environment ${name}${env[name] === '' ? ' (empty)' : ''}`,
    ...folders,
    ...(local ? ['local store'] : []),
  ]
  return new HardshellError('secrets.missing', `the secret ${name} was not found in: ${places.join(', ')}`, {
    hint: `set ${name}, or ${name}_FILE to the path of a file that holds it`,
  })
}
