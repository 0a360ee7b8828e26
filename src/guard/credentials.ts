import { Agent, request } from 'undici'
import { explainTlsFailure, messageOf, type OutboundTls, type Secret } from '../base/index.ts'
import type { Config } from '../config/index.ts'
import type { OverlayApi } from '../openclaw/index.ts'
import { pathAtProvider } from '../proxy/model/index.ts'
import { withoutVersion } from './providers.ts'

/** Whether one provider key is good today. */
export interface CredentialHealth {
  name: string
  ok: boolean
  detail: string
}

/**
 * Makes one cheap authenticated call (the list of models, free at every provider) with each key that is configured.
 * A key that cannot be tried is not good: unknown is its own answer, and here it reads as bad with its reason.
 */
export async function verifyCredentials(config: Config, { find, tls }: { find: (name: string) => Promise<Secret | null>; tls: OutboundTls }): Promise<CredentialHealth[]> {
  const named = targetsOf(config)
  const results: CredentialHealth[] = []
  for (const target of named.length > 0 ? named : wellKnown) {
    const secret = await find(target.name)
    if (secret) results.push(healthOf(target, await tryKey(target, secret, tls)))
    else if (named.length > 0) results.push({ name: target.name, ok: false, detail: 'not found in any store' })
  }
  return results
}

/** What a provider says of a key; `unknown` when it said nothing about it. */
export type KeyVerdict = { verdict: 'accepted' } | { verdict: 'refused' } | { verdict: 'unknown'; why: string }

/** Tries one key, whether it is the one in use or not, at every provider that is configured with this name. */
export async function checkKey(config: Config, { name, secret }: { name: string; secret: Secret }, tls: OutboundTls): Promise<KeyVerdict> {
  const named = targetsOf(config)
  const targets = (named.length > 0 ? named : wellKnown).filter((target) => target.name === name)
  const verdicts: KeyVerdict[] = []
  for (const target of targets) verdicts.push((await tryKey(target, secret, tls)).verdict)
  const clear = verdicts.find(({ verdict }) => verdict === 'refused') ?? verdicts.find(({ verdict }) => verdict === 'unknown')
  return clear ?? verdicts[0] ?? { verdict: 'unknown', why: `no provider is configured with $${name}` }
}

function targetsOf(config: Config): Target[] {
  return Object.entries(config.models.providers).flatMap(([provider, { key, api, base_url }]) =>
    key === undefined ? [] : [{ name: key.slice(1), provider, api, base: withoutVersion(base_url, api) }],
  )
}

interface Target {
  name: string
  provider: string
  api: OverlayApi
  base: string
}

const wellKnown: readonly Target[] = [
  { name: 'ANTHROPIC_API_KEY', provider: 'anthropic', api: 'anthropic-messages', base: 'https://api.anthropic.com' },
  { name: 'OPENAI_API_KEY', provider: 'openai', api: 'openai-completions', base: 'https://api.openai.com' },
  { name: 'GEMINI_API_KEY', provider: 'google', api: 'google-generative-ai', base: 'https://generativelanguage.googleapis.com' },
]

interface Tried {
  verdict: KeyVerdict
  status: number | null
}

const timeoutMs = 15_000

async function tryKey({ provider, api, base }: Target, secret: Secret, tls: OutboundTls): Promise<Tried> {
  const dispatcher = new Agent({ connect: tls.connector({ timeoutMs }) })
  try {
    // Redirects are not followed: the key would travel along.
    const asked = { headers: keyHeaders(api, secret.reveal()), dispatcher, signal: AbortSignal.timeout(timeoutMs) }
    const { statusCode: status } = await request(modelsAt(base, api), asked)
    if (status >= 200 && status < 300) return { verdict: { verdict: 'accepted' }, status }
    // Google calls a key it does not know a bad argument.
    const refused = status === 401 || status === 403 || (status === 400 && api === 'google-generative-ai')
    return { verdict: refused ? { verdict: 'refused' } : { verdict: 'unknown', why: `${provider} answered HTTP ${status}` }, status }
  } catch (error) {
    return { verdict: { verdict: 'unknown', why: `${provider} could not be asked: ${explainTlsFailure(error)?.reason ?? messageOf(error)}` }, status: null }
  } finally {
    await dispatcher.destroy() // what is left of the list of models is not read
  }
}

function healthOf({ name, provider }: Target, { verdict, status }: Tried): CredentialHealth {
  if (verdict.verdict === 'accepted') return { name, ok: true, detail: `accepted by ${provider}` }
  return { name, ok: false, detail: status === null && 'why' in verdict ? verdict.why : `refused by ${provider}: HTTP ${status}` }
}

function modelsAt(base: string, api: OverlayApi): string {
  const path = api === 'google-generative-ai' ? '/v1beta/models' : '/v1/models'
  return new URL(base).origin + pathAtProvider(base, path)
}

function keyHeaders(api: OverlayApi, key: string): Record<string, string> {
  if (api === 'anthropic-messages') return { 'x-api-key': key, 'anthropic-version': '2023-06-01' }
  return api === 'google-generative-ai' ? { 'x-goog-api-key': key } : { authorization: `Bearer ${key}` }
}
