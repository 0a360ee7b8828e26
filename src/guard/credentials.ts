import { messageOf, type Secret } from '../base/index.ts'
import type { Config } from '../config/index.ts'

/** Whether one provider key is good today. */
export interface CredentialHealth {
  name: string
  ok: boolean
  detail: string
}

/**
 * Makes one cheap authenticated call (the list of models, free at both providers) with each key that is configured.
 * A key that cannot be tried is not good: unknown is its own answer, and here it reads as bad with its reason.
 */
export async function verifyCredentials(config: Config, find: (name: string) => Promise<Secret | null>): Promise<CredentialHealth[]> {
  const named = Object.entries(config.models.providers).flatMap(([provider, { key, api, base_url }]) =>
    key === undefined ? [] : [{ name: key.slice(1), provider, api, base: base_url.replace(/\/(v1\/?)?$/, '') }],
  )
  const targets = named.length > 0 ? named : wellKnown
  const results: CredentialHealth[] = []
  for (const target of targets) {
    const secret = await find(target.name)
    if (secret) results.push(await tryKey(target, secret))
    else if (named.length > 0) results.push({ name: target.name, ok: false, detail: 'not found in any store' })
  }
  return results
}

interface Target {
  name: string
  provider: string
  api: string
  base: string
}

const wellKnown: readonly Target[] = [
  { name: 'ANTHROPIC_API_KEY', provider: 'anthropic', api: 'anthropic-messages', base: 'https://api.anthropic.com' },
  { name: 'OPENAI_API_KEY', provider: 'openai', api: 'openai-completions', base: 'https://api.openai.com' },
]

async function tryKey({ name, provider, api, base }: Target, secret: Secret): Promise<CredentialHealth> {
  const headers: Record<string, string> =
    api === 'anthropic-messages'
      ? { 'x-api-key': secret.reveal(), 'anthropic-version': '2023-06-01' }
      : { authorization: `Bearer ${secret.reveal()}` }
  try {
    const reply = await fetch(`${base}/v1/models`, { headers, redirect: 'error', signal: AbortSignal.timeout(15_000) })
    await reply.body?.cancel()
    return { name, ok: reply.ok, detail: reply.ok ? `accepted by ${provider}` : `refused by ${provider}: HTTP ${reply.status}` }
  } catch (error) {
    return { name, ok: false, detail: `${provider} could not be asked: ${messageOf(error)}` }
  }
}
