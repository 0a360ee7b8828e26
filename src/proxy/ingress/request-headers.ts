import type { Secret } from '../../base/index.ts'
import { endToEndHeaders } from '../hop-by-hop.ts'
import { withoutSessionCookie } from './cookie.ts'

// Headers by which a proxy speaks for somebody. From a client each is a lie; the gateway believes several of them
// (OpenClaw docs, gateway/trusted-proxy-auth), others are believed by what plugins may run behind it.
const spokenByProxies =
  /^(x-forwarded-|x-openclaw-|x-hardshell-|x-auth-|x-remote-|tailscale-|cf-|x-original-|x-rewrite-|x-envoy-|x-amzn-)/
const alsoSpoken = new Set([
  'authorization', // replaced
  'cookie', // filtered
  'expect', // answered here
  'forwarded',
  'host', // replaced
  'origin', // replaced once it was found to be ours
  'remote-user',
  'true-client-ip',
  'via',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-http-method-override', // would turn what was judged as POST into something else
  'x-method-override',
  'x-real-ip',
  // A client that could choose the trace id could book its model calls on somebody else's turn.
  'traceparent',
  'tracestate',
])

// The one word of OpenClaw's own that a client may say: every model lies behind the model proxy and its budgets, so
// choosing one is no more than asking.
const choosesModel = 'x-openclaw-model'

/**
 * What the gateway gets to see of a request's headers. This policy is the product: what is not stripped here is
 * believed there.
 * @param rawHeaders as received; attacker-controlled
 * @param gateway.host what Host and Origin shall say
 * @returns name, value, name, value …
 */
export function gatewayHeaders(rawHeaders: readonly string[], gateway: { host: string; token: Secret }): string[] {
  const kept: string[] = []
  let hasOrigin = false
  const cookies: string[] = []
  const passing = endToEndHeaders(rawHeaders)
  for (let i = 0; i + 1 < passing.length; i += 2) {
    const [name, value] = [passing[i]!, passing[i + 1]!]
    const plain = name.toLowerCase().replaceAll('_', '-') // `X_Forwarded_For` is the same name to CGI-like programs
    if (plain === 'origin') hasOrigin = true
    if (plain === 'cookie') cookies.push(value)
    if (plain === choosesModel || (!alsoSpoken.has(plain) && !spokenByProxies.test(plain))) kept.push(name, value)
  }
  const cookie = withoutSessionCookie(cookies.join('; '))
  if (cookie !== null) kept.push('cookie', cookie)
  if (hasOrigin) kept.push('origin', `http://${gateway.host}`)
  kept.push('host', gateway.host, 'authorization', `Bearer ${gateway.token.reveal()}`)
  return kept
}
