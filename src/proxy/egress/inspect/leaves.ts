import { createSecureContext, type SecureContext } from 'node:tls'
import type { Clock } from '../../../base/index.ts'
import type { Authority } from './authority.ts'

/** What a tunnel's end towards the client presents. */
export interface Leaves {
  /** @param host one that was admitted: nobody gets a certificate for a name of his choice */
  contextFor(host: string): SecureContext
  readonly size: number
}

// A wildcard lets an agent think up names without end. Each costs a signature; none may cost memory for long.
const maxLeaves = 256
// Renewed in time, so that no connection begins with a certificate that ends during it.
const renewedBeforeMs = 2 * 3_600_000

/** Certificates of inspected hosts, made when first asked for and remembered; the one used longest ago goes first. */
export function createLeaves(authority: Pick<Authority, 'issue'>, { clock }: { clock: Clock }): Leaves {
  const leaves = new Map<string, { context: SecureContext; expiresAtMs: number }>()
  return {
    get size() {
      return leaves.size
    },
    contextFor(host) {
      const known = leaves.get(host)
      leaves.delete(host)
      const leaf = known && known.expiresAtMs - clock.now() > renewedBeforeMs ? known : made(authority, host)
      leaves.set(host, leaf)
      if (leaves.size > maxLeaves) leaves.delete(leaves.keys().next().value!)
      return leaf.context
    },
  }
}

function made(authority: Pick<Authority, 'issue'>, host: string): { context: SecureContext; expiresAtMs: number } {
  const { key, cert, expiresAtMs } = authority.issue(host)
  // Clients that cannot do better than TLS 1.1 are none we know of; ciphers are Node's own.
  return { context: createSecureContext({ key, cert, minVersion: 'TLSv1.2' }), expiresAtMs }
}
