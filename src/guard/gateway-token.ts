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

/** How OpenClaw's own token is made and ended: the gateway honors one at a time, so taking the new one ends the old one. */
export function gatewayTokenIssuer(port: number): KeyIssuer {
  return {
    kind: 'openclaw_gateway',
    goodWhenMinted: false,
    byHand: { mint: 'hardshell makes it', revoke: 'the gateway forgets it when it takes another one' },
    mint: async () => ({ secret: generateToken('tok'), keyId: null }),
    revoke: async () => {},
    check: async (secret) => await tryGatewayToken(port, secret),
  }
}

/** Asks the gateway itself. Its list of models is behind its login and costs nothing (seen with 2026.9.6). */
export async function tryGatewayToken(port: number, secret: Secret): Promise<KeyVerdict> {
  try {
    const request = { headers: { authorization: `Bearer ${secret.reveal()}` }, redirect: 'error', signal: AbortSignal.timeout(5000) } as const
    const { status, body } = await fetch(`http://127.0.0.1:${port}/v1/models`, request)
    await body?.cancel()
    if (status === 200) return { verdict: 'accepted' }
    return status === 401 ? { verdict: 'refused' } : { verdict: 'unknown', why: `the gateway answered HTTP ${status}` }
  } catch (error) {
    return { verdict: 'unknown', why: `the gateway could not be asked: ${messageOf(error)}` }
  }
}

// It reads its configuration anew about two seconds after a change (seen); a loaded machine takes longer.
const [attempts, pauseMs] = [120, 250]

/** @throws HardshellError `guard.gateway-token` when the gateway goes on refusing it */
export async function gatewayAccepts(port: number, secret: Secret): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if ((await tryGatewayToken(port, secret)).verdict === 'accepted') return
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  throw new HardshellError('guard.gateway-token', 'the gateway does not take its new token', { hint: 'hardshell secrets rotate HARDSHELL_GATEWAY_TOKEN --resume, or start the guard anew' })
}
