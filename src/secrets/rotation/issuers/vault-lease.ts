import { messageOf } from '../../../base/index.ts'
import type { LeasedSecret } from '../../store.ts'
import type { KeyIssuer } from '../issuer.ts'

/**
 * Credentials that Vault makes on demand: another pair, and the end of the lease of the old one. Whether a pair is good
 * is what Vault says of its lease; the database or cloud behind it is not asked.
 */
export function vaultLeaseIssuer(leased: LeasedSecret): KeyIssuer {
  return {
    kind: 'vault',
    goodWhenMinted: true,
    madeByStore: true,
    byHand: { mint: 'vault read PATH', revoke: 'vault lease revoke ID' },
    async mint() {
      const { secret, id } = await leased.make()
      return { secret, keyId: id }
    },
    async sweep() {
      for (const id of leased.leftOver()) await leased.end(id)
    },
    identify: async (secret) => leased.idOf(secret),
    async revoke({ keyId }) {
      // Without an id nobody renews it either: it ends by itself at its time.
      if (keyId !== null) await leased.end(keyId)
    },
    async check(secret, keyId) {
      const id = keyId ?? leased.idOf(secret) // after a restart only the record of the rotation knows it
      if (id === null) return { verdict: 'unknown', why: 'its lease is not known: it ran out, or was made before the guard was started' }
      try {
        return { verdict: (await leased.isAlive(id)) ? 'accepted' : 'refused' }
      } catch (error) {
        return { verdict: 'unknown', why: messageOf(error) }
      }
    },
  }
}
