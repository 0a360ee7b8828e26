import { HardshellError, messageOf, type Secret } from '../base/index.ts'
import { generateToken } from '../identity/index.ts'
import type { KeyIssuer, KeyVerdict } from '../secrets/index.ts'

/** Under this name the token lies in the drawer, and is rotated. */
export const gatewayTokenName = 'HARDSHELL_GATEWAY_TOKEN'

/** OpenClaw's own token. Only the guard presents it, so a rotation changes both ends, one after the other. */
export interface GatewayToken {
  /** For what is done while no rotation can be under way, such as writing the configuration. */
  readonly current: Secret
  /** What to present now. Waits while the gateway changes over: either of the two would be refused at some moment. */
  settled(): Promise<Secret>
  /**
   * Has the gateway take another one.
   * @param changeOver resolves when the gateway accepts it; when it throws, the old one stays in use here
   */
  replace(fresh: Secret, changeOver: () => Promise<void>): Promise<void>
}

export function createGatewayToken(first: Secret): GatewayToken {
  let current = first
  let changing: Promise<void> = Promise.resolve()
  return {
    get current() {
      return current
    },
    async settled() {
      await changing
      return current
    },
    async replace(fresh, changeOver) {
      const change = changing.then(changeOver).then(() => void (current = fresh))
      changing = change.catch(() => undefined)
      await change
    },
  }
}

/** Where the gateway listens, and whether it is the one who answers there: while it is down its port is anybody's. */
export interface GatewayPort {
  port: number
  ready(): boolean
}

/** How OpenClaw's own token is made and ended: the gateway honors one at a time, so taking the new one ends the old one. */
export function gatewayTokenIssuer(gateway: GatewayPort): KeyIssuer {
  return {
    kind: 'openclaw_gateway',
    goodWhenMinted: false,
    byHand: { mint: 'hardshell makes it', revoke: 'the gateway forgets it when it takes another one' },
    mint: async () => ({ secret: generateToken('tok'), keyId: null }),
    revoke: async () => {},
    check: async (secret) => await tryGatewayToken(gateway, secret),
  }
}

/** Asks the gateway itself. Its list of models is behind its login and costs nothing (seen with 2026.9.6). */
async function tryGatewayToken(gateway: GatewayPort, secret: Secret): Promise<KeyVerdict> {
  if (!gateway.ready()) return { verdict: 'unknown', why: 'the gateway does not run right now' }
  try {
    const request = { headers: { authorization: `Bearer ${secret.reveal()}` }, redirect: 'error', signal: AbortSignal.timeout(5000) } as const
    const { status, body } = await fetch(`http://127.0.0.1:${gateway.port}/v1/models`, request)
    await body?.cancel()
    if (status === 200) return { verdict: 'accepted' }
    return status === 401 ? { verdict: 'refused' } : { verdict: 'unknown', why: `the gateway answered HTTP ${status}` }
  } catch (error) {
    return { verdict: 'unknown', why: `the gateway could not be asked: ${messageOf(error)}` }
  }
}

// It reads its configuration anew about two seconds after a change (seen); a loaded machine takes longer. Nobody gets
// past the front door meanwhile, so there is an end to it.
const patienceMs = 30_000
const pauseMs = 250

/** @throws HardshellError `guard.gateway-token` when the gateway goes on refusing it */
export async function gatewayAccepts(gateway: GatewayPort, secret: Secret): Promise<void> {
  const until = performance.now() + patienceMs
  while (performance.now() < until) {
    if ((await tryGatewayToken(gateway, secret)).verdict === 'accepted') return
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  throw new HardshellError('guard.gateway-token', 'the gateway does not take its new token', { hint: 'hardshell secrets rotate HARDSHELL_GATEWAY_TOKEN --resume, or start the guard anew' })
}
