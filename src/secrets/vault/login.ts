import { Secret } from '../../base/index.ts'
import { badAnswer, denied } from '../failures.ts'
import { vaultName, type VaultAnswer, type VaultCall, type VaultClient } from './client.ts'

/** A token and how long it lasts. */
export interface VaultToken {
  token: Secret
  /** 0: it does not end. */
  leaseMs: number
  renewable: boolean
}

/** What the login methods of Vault need; each is looked at when it is needed, so that a changed file is read anew. */
export interface LoginMaterial {
  method: 'token' | 'approle' | 'kubernetes' | 'aws'
  /** Left out: under the method's own name. */
  mount?: string | undefined
  role: string
  /** `VAULT_TOKEN`, `VAULT_ROLE_ID`, `VAULT_SECRET_ID`. @throws HardshellError `secrets.missing` */
  secret(name: string): Promise<Secret>
  /** The token of the pod. */
  kubernetesToken(): Promise<Secret>
  /** A signed question "who am I" that Vault passes on to AWS. */
  awsProof(): Promise<Readonly<Record<string, string>>>
}

/**
 * Logs in. Source of the calls: Vault's API documentation, auth methods token, approle, kubernetes and aws.
 * @throws HardshellError `secrets.store-denied`, `secrets.missing`, and those of the client
 */
export async function logIn(client: VaultClient, material: LoginMaterial): Promise<VaultToken> {
  if (material.method === 'token') return await lookUpOwn(client, await material.secret('VAULT_TOKEN'))
  const path = `auth/${material.mount ?? material.method}/login`
  return tokenOf(await client.call({ method: 'POST', path, body: await proofOf(material) }), material.method)
}

async function proofOf({ method, role, secret, kubernetesToken, awsProof }: LoginMaterial): Promise<object> {
  if (method === 'approle') {
    const [roleId, secretId] = [await secret('VAULT_ROLE_ID'), await secret('VAULT_SECRET_ID')]
    return { role_id: roleId.reveal(), secret_id: secretId.reveal() }
  }
  if (method === 'kubernetes') return { role, jwt: (await kubernetesToken()).reveal() }
  return { role, ...(await awsProof()) }
}

/** A token somebody gave us says itself how long it lasts. */
async function lookUpOwn(client: VaultClient, token: Secret): Promise<VaultToken> {
  const answer = await client.call({ method: 'GET', path: 'auth/token/lookup-self', token })
  if (answer.status !== 200) throw refused('token', answer)
  const { ttl, renewable } = (answer.body['data'] ?? {}) as { ttl?: unknown; renewable?: unknown }
  return { token, leaseMs: seconds(ttl), renewable: renewable === true }
}

/** Makes the token last longer; its text stays the same. @returns `null` when Vault will not. */
export async function renewSelf(client: VaultClient, { token }: VaultToken): Promise<VaultToken | null> {
  const call: VaultCall = { method: 'POST', path: 'auth/token/renew-self', body: {}, token }
  const answer = await client.call(call)
  if (answer.status !== 200) return null
  const { lease_duration, renewable } = (answer.body['auth'] ?? {}) as { lease_duration?: unknown; renewable?: unknown }
  return { token, leaseMs: seconds(lease_duration), renewable: renewable === true }
}

function tokenOf(answer: VaultAnswer, method: string): VaultToken {
  if (answer.status !== 200) throw refused(method, answer)
  const { client_token, lease_duration, renewable } = (answer.body['auth'] ?? {}) as Record<string, unknown>
  if (typeof client_token !== 'string' || client_token === '') {
    throw badAnswer(vaultName, `let us in with ${method} and gave no token`)
  }
  return { token: new Secret(client_token), leaseMs: seconds(lease_duration), renewable: renewable === true }
}

function refused(method: string, { status }: VaultAnswer): Error {
  const what = method === 'token' ? 'VAULT_TOKEN' : `the login with ${method}`
  return denied(vaultName, `${what} (HTTP ${status})`, 'look at secrets.auth_method, its mount and role')
}

function seconds(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value * 1000 : 0
}
