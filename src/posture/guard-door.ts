import { isLoopback, parseListen } from '../base/index.ts'
import type { GuardConfigFacts } from './facts/guard-config.ts'
import { guardSetting } from './guard-settings.ts'

/** Where the guard's front door listens for the network; `null` where only this machine reaches it, which is its default. */
export function openDoorOf(facts: GuardConfigFacts): { host: string; port: number } | null {
  const listen = guardSetting(facts, 'server.listen')
  const address = typeof listen === 'string' ? parseListen(listen) : null
  return address !== null && address.host !== 'localhost' && !isLoopback(address.host) ? address : null
}
