import { readFile } from 'node:fs/promises'
import { createOutboundTls, HardshellError, type Clock, type OutboundTls, type Random, type Secret } from '../base/index.ts'
import { callerProof } from './aws/caller-proof.ts'
import { awsFailure } from './aws/failure.ts'
import { findIdentity, loadAwsSdk, type LoadAwsSdk } from './aws/sdk.ts'
import { createAwsStore } from './aws/store.ts'
import { createKeychainStore, type LoadKeychain } from './keychain-store.ts'
import { readSecretFile } from './secret-file.ts'
import { findByName } from './secret-name.ts'
import type { SecretsSettings, VaultSettings } from './settings.ts'
import type { SecretStore } from './store.ts'
import { createVaultClient } from './vault/client.ts'
import { createVaultSession } from './vault/session.ts'
import { createVaultStore } from './vault/store.ts'

/** The store the settings name beside the places that are always looked at. */
export interface Provider {
  store: SecretStore
  /** Is this name looked up here and nowhere else? */
  owns(name: string): boolean
  /** Is a value of it worth keeping for an outage? Not of a keychain, which is on this machine. */
  remote: boolean
  /** Server and place of a secret, to tell what came from there from what did not. */
  placeOf(name: string): string
}

export interface ProviderPorts {
  clock: Clock
  random: Random
  /** How the store's own credentials are found: in the places that are always looked at. @throws `secrets.missing` */
  credential(name: string): Promise<Secret>
  /** How connections to the store are encrypted and verified. Left out: TLS 1.2 at least, authorities of Node. */
  tls?: OutboundTls | undefined
  loadAws?: LoadAwsSdk | undefined
  loadKeychain?: LoadKeychain | undefined
}

/** @returns `null` for `provider: environment`, which adds nothing to the places that are always looked at */
export function openProvider(settings: SecretsSettings, ports: ProviderPorts): Provider | null {
  if (settings.provider === 'environment') return null
  if (settings.provider === 'keychain') {
    const store = createKeychainStore({ service: settings.keychain_service, timeoutMs: settings.timeout }, ports.loadKeychain)
    return { store, owns: () => false, remote: false, placeOf: (name) => name }
  }
  if (settings.provider === 'vault') {
    const { address, namespace, paths } = settings
    const placeOf = (name: string): string => JSON.stringify(['vault', address, namespace ?? '', findByName(paths, name)])
    return { store: openVault(settings, ports), owns: (name) => findByName(paths, name) !== null, remote: true, placeOf }
  }
  const { region, secrets, endpoint, timeout } = settings
  const store = createAwsStore({ region, secrets, endpoint, timeoutMs: timeout }, { random: ports.random, load: ports.loadAws, tls: tlsOf(ports) })
  const placeOf = (name: string): string => JSON.stringify(['aws', endpoint ?? '', region, findByName(secrets, name)])
  return { store, owns: (name) => findByName(secrets, name) !== null, remote: true, placeOf }
}

function openVault(settings: VaultSettings, ports: ProviderPorts): SecretStore {
  const { address, namespace, timeout, ca_cert } = settings
  const { clock, random } = ports
  // The file is read with the first call: opening the stores reads nothing.
  const client = createVaultClient({ address, namespace, timeoutMs: timeout, tls: tlsOf(ports), readCa: async () => await readCa(ca_cert) }, { random })
  const session = createVaultSession(
    client,
    {
      method: settings.auth_method,
      mount: settings.auth_mount,
      role: settings.role,
      secret: ports.credential,
      kubernetesToken: async () => await podToken(settings.kubernetes_token_file),
      awsProof: async () => await proveAws(settings, ports),
    },
    { clock },
  )
  return createVaultStore(settings.paths, { client, session, clock })
}

function tlsOf({ tls }: ProviderPorts): OutboundTls {
  return tls ?? createOutboundTls()
}

async function readCa(path: string | undefined): Promise<string | null> {
  if (path === undefined) return null
  try {
    return await readFile(path, 'utf8')
  } catch {
    throw new HardshellError('secrets.unreadable-file', `secrets.ca_cert names a file that cannot be read: ${path}`, {
      hint: `ls -l ${path}`,
    })
  }
}

/** Kubernetes projects it readable by all of the pod. */
async function podToken(path: string): Promise<Secret> {
  const token = await readSecretFile(path, ['/var/run/secrets', '/run/secrets'])
  if (token) return token
  throw new HardshellError('secrets.unreadable-file', `the token of the pod is not at ${path}`, {
    hint: 'is this a pod with a service account? otherwise secrets.kubernetes_token_file or another secrets.auth_method',
  })
}

async function proveAws(settings: VaultSettings, ports: ProviderPorts): Promise<Record<string, string>> {
  const { aws_region, aws_server_id, timeout } = settings
  const { clock, loadAws } = ports
  const sdk = await loadAwsSdk(loadAws)
  const identity = await findIdentity(sdk, aws_region ?? 'us-east-1', tlsOf(ports)).catch((error: unknown) => {
    throw awsFailure(error, 'to say who we are', timeout)
  })
  return callerProof({ identity, region: aws_region ?? null, serverId: aws_server_id ?? null }, clock.now())
}
