import { createOutboundTls, Secret, systemRandom, type Clock } from '../../base/index.ts'
import type { SecretStore } from '../index.ts'
import { createVaultClient } from './client.ts'
import type { LoginMaterial } from './login.ts'
import { createVaultSession } from './session.ts'
import { createVaultStore } from './store.ts'

/** Hours that only a test moves. */
export class SteppedClock implements Clock {
  ms = 0
  now(): number {
    return Date.parse('2026-11-21T12:00:00Z') + this.ms
  }
  monotonicMs(): number {
    return this.ms
  }
}

export interface VaultTrial {
  address: string
  paths: Record<string, string>
  clock?: Clock
  namespace?: string
  ca?: string
  timeoutMs?: number
}

/** A store on a Vault, logged in as the material says. */
export function openVaultStore(trial: VaultTrial, material: Partial<LoginMaterial>): SecretStore {
  const { address, paths, clock = new SteppedClock(), namespace, timeoutMs = 2000 } = trial
  const ports = { random: systemRandom }
  const client = createVaultClient({ address, namespace, timeoutMs, tls: createOutboundTls(), readCa: async () => trial.ca ?? null }, ports)
  const unused = async (): Promise<never> => {
    throw new Error('this login does not need it')
  }
  const whole: LoginMaterial = { method: 'token', role: 'openclaw', secret: unused, kubernetesToken: unused, awsProof: unused, ...material }
  return createVaultStore(paths, { client, session: createVaultSession(client, whole, { clock }), clock })
}

/** Material for the login with a token. */
export function byToken(token: string): Partial<LoginMaterial> {
  return { method: 'token', secret: async () => new Secret(token) }
}
