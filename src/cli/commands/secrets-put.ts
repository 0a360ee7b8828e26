import { HardshellError, Secret, systemRandom } from '../../base/index.ts'
import { generateSecret, type SecretStore } from '../../secrets/index.ts'
import { openStores, type ConfiguredStores, type Options } from '../secret-stores.ts'
import type { Terminal } from '../terminal.ts'

/** `hardshell secrets put NAME`: the value comes on stdin, never as an argument. */
export async function put(name: string, options: Options, terminal: Terminal): Promise<number> {
  const value = (await terminal.input()).replace(/\r?\n$/, '')
  if (value === '') throw new HardshellError('cli.usage', 'stdin is empty: nothing was stored', { hint: `pass show key | hardshell secrets put ${name}` })
  return await store(name, new Secret(value), options, terminal)
}

/** `hardshell secrets generate NAME`: made, stored, and never shown. */
export async function generate(name: string, options: Options, terminal: Terminal): Promise<number> {
  return await store(name, generateSecret(Number(options['bytes'] ?? 32), systemRandom), options, terminal)
}

/** `hardshell secrets remove NAME`: exit 1 when there was none. */
export async function remove(name: string, options: Options, terminal: Terminal): Promise<number> {
  const stores = await openStores(options, terminal)
  try {
    const target = await writable(stores, name)
    const removed = await target.remove(name)
    if (options['json'] === true) terminal.out(JSON.stringify({ ok: removed, name, store: target.kind }))
    else terminal.out(removed ? `removed ${name} from ${titles[target.kind]}` : `${titles[target.kind]} has no ${name}`)
    return removed ? 0 : 1
  } finally {
    await stores.close()
  }
}

const titles: Readonly<Record<SecretStore['kind'], string>> = {
  environment: 'the environment',
  files: 'the folders of secrets',
  keychain: 'the keychain',
  vault: 'Vault',
  aws_secrets_manager: 'AWS Secrets Manager',
  local: 'the encrypted store of this machine',
}

async function store(name: string, secret: Secret, options: Options, terminal: Terminal): Promise<number> {
  const stores = await openStores(options, terminal)
  try {
    const target = await writable(stores, name)
    const { version } = await target.put(name, secret)
    const first = await stores.storeOf(name)
    if (first && first.kind !== target.kind) terminal.err(`note: ${titles[first.kind]} has a ${name} too, and is looked at first`)
    if (options['json'] === true) terminal.out(JSON.stringify({ ok: true, name, store: target.kind, version }))
    else terminal.out(`stored ${name} in ${titles[target.kind]}${target.kind === 'local' ? '' : `, version ${version}`}`)
    return 0
  } finally {
    await stores.close()
  }
}

/** Environment and files are changed where they were made; what is put goes into the drawer then. */
async function writable(stores: ConfiguredStores, name: string): Promise<SecretStore> {
  const owner = await stores.storeOf(name)
  return owner && !['environment', 'files'].includes(owner.kind) ? owner : stores.local.store
}
