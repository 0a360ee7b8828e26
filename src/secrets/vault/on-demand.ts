import { Secret, type HardshellError } from '../../base/index.ts'
import { badAnswer, denied } from '../failures.ts'
import type { LeasedSecret } from '../store.ts'
import { vaultName } from './client.ts'
import type { LeasedData, Leases } from './leases.ts'
import type { VaultPlace } from './place.ts'
import type { VaultSession } from './session.ts'

/**
 * A field of a pair that Vault makes on demand. Source: Vault's API documentation, "Database secrets engine, generate
 * credentials", `/sys/leases/lookup`, `/sys/leases/revoke`.
 */
export function onDemand(
  place: VaultPlace,
  names: readonly string[],
  { session, leases }: { session: VaultSession; leases: Leases },
): LeasedSecret {
  const { path, field } = place
  return {
    names,
    idOf: (secret) => leases.find(path, field, secret.reveal()),
    leftOver: () => leases.aside(path),

    async make() {
      const { status, body } = await session.call({ method: 'GET', path })
      if (status === 403) throw denied(vaultName, `to make credentials at ${path}`, 'give the role of this guard a policy for that path')
      const { lease_id: id, lease_duration: seconds, renewable, data } = body
      const value = (data as LeasedData | undefined)?.[field]
      if (status !== 200 || typeof id !== 'string' || id === '' || typeof seconds !== 'number') {
        throw badAnswer(vaultName, `makes no credentials on demand at ${path} (HTTP ${status}): what lies there is changed by whoever put it there`)
      }
      leases.keep(path, { id, leaseMs: seconds * 1000, renewable: renewable === true, data: data as LeasedData })
      if (typeof value !== 'string' || value === '') throw badAnswer(vaultName, `makes no text in ${path}#${field}`)
      return { secret: new Secret(value), id }
    },

    async isAlive(id) {
      const { status } = await session.call({ method: 'PUT', path: 'sys/leases/lookup', body: { lease_id: id } })
      if (status === 200) return true
      if (status === 400 || status === 404) return false // "invalid lease"
      throw refusedLease(status, 'to look up a lease', 'sys/leases/lookup')
    },

    async end(id) {
      const { status } = await session.call({ method: 'PUT', path: 'sys/leases/revoke', body: { lease_id: id, sync: true } })
      // One that is gone already is no failure: Vault says 204, older ones 400.
      if (status !== 200 && status !== 204 && status !== 400) throw refusedLease(status, 'to end a lease', 'sys/leases/revoke')
      leases.ended(id)
    },
  }
}

function refusedLease(status: number, what: string, path: string): HardshellError {
  if (status === 403) return denied(vaultName, what, `give the role of this guard a policy that may update ${path}`)
  return badAnswer(vaultName, `answered HTTP ${status} when asked ${what}`)
}
