import { readFileSync, statSync } from 'node:fs'
import { isIP } from 'node:net'
import type { Listen } from '../base/index.ts'

/** Resolvers this machine asks, as they are now. */
export interface Resolvers {
  /** In the order they are asked in. Empty: none is named, or the file is missing. */
  servers(): readonly Listen[]
}

// resolv.conf(5): the resolver library reads three and ignores the rest.
const maxServers = 3
// Long enough to cost nothing, short enough for a VPN that has just come up.
const lookEveryMs = 5000

/** Reads `nameserver` lines, and reads them again when the file changed: DHCP and VPNs rewrite it. */
export function systemResolvers(path = '/etc/resolv.conf', { monotonicMs } = { monotonicMs: () => performance.now() }): Resolvers {
  let [known, stamp, lookedAt]: [readonly Listen[], string, number] = [[], '', -Infinity]
  return {
    servers() {
      if (monotonicMs() - lookedAt < lookEveryMs) return known
      lookedAt = monotonicMs()
      const now = stampOf(path)
      if (now !== stamp) [known, stamp] = [now === '' ? [] : parseResolvConf(readFileSync(path, 'utf8')), now]
      return known
    },
  }
}

/** The servers a resolv.conf names; lines that name none are skipped, as the resolver library does. */
export function parseResolvConf(text: string): Listen[] {
  const named = [...text.matchAll(/^[ \t]*nameserver[ \t]+(\S+)/gm)].map((match) => match[1]!)
  return named.filter((host) => isIP(host) !== 0).slice(0, maxServers).map((host) => ({ host, port: 53 }))
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat ? `${stat.ino} ${stat.size} ${stat.mtimeMs}` : ''
}
