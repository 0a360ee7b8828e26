import { nonce, type Clock } from '../../base/index.ts'
import type { Decision } from '../../policy/index.ts'

/** A client's `connect`, read as far as this door must understand it. Everything in it is attacker-controlled. */
export interface ConnectRequest {
  id: string
  params: Record<string, unknown>
  role: string
  /** The token in `auth`, if it came that way. */
  presented: string | null
  hasDevice: boolean
}

/**
 * The frame the gateway would open with. Ours has a nonce of our own: the gateway hears of a client only once it is
 * known who it is, and a signature over the nonce is worth nothing here anyway (see `device.ts`).
 */
export function challenge(clock: Clock): string {
  return JSON.stringify({ type: 'event', event: 'connect.challenge', payload: { nonce: nonce(), ts: clock.now() } })
}

/** Source: OpenClaw docs, gateway/protocol/handshake. */
export function parseConnect(text: string): ConnectRequest | null {
  const frame = parseObject(text)
  const params = asObject(frame?.params)
  if (frame?.type !== 'req' || frame.method !== 'connect' || params === null) return null
  if (typeof frame.id !== 'string' || frame.id === '' || frame.id.length > 200) return null
  const auth = asObject(params.auth)
  const presented = [auth?.token, auth?.password].find((value) => typeof value === 'string')
  const role = typeof params.role === 'string' ? params.role : 'operator'
  return { id: frame.id, params, role, presented: presented ?? null, hasDevice: asObject(params.device) !== null }
}

/** The answer to a connect that is turned away. A bad token gets one answer, whatever was wrong with it. */
export function denial({ id }: ConnectRequest, why: { decision: Decision; known: boolean }): string {
  const details = why.known
    ? { code: 'FORBIDDEN', rule: why.decision.rule }
    : { code: 'AUTH_TOKEN_MISMATCH', canRetryWithDeviceToken: false, recommendedNextStep: 'update_auth_credentials' }
  const error = { code: why.known ? 'FORBIDDEN' : 'INVALID_REQUEST', message: why.decision.reason, details }
  return JSON.stringify({ type: 'res', id, ok: false, error })
}

/** An object out of JSON text; `null` for anything else. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return null
  }
}

function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}
