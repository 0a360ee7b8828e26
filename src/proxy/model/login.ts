import { serves, type ApiName } from './api.ts'
import type { Call, Room, StepResult } from './call.ts'
import { presentedCredential } from './headers.ts'
import type { Provider } from './ports.ts'
import { decided, malformed } from './refusal.ts'

/**
 * Who is asking. A stranger gets 401 in the shape of the API: it is not OpenClaw, whose key we issued ourselves.
 */
export function login(call: Call, { ports }: Room): StepResult {
  const presented = presentedCredential(call.request.headers)
  const caller = ports.authenticate(presented)
  if (!caller) {
    const rule = presented === null ? 'login.no-credential' : 'login.unknown-credential'
    const reason = 'this proxy does not know the key; use the virtual key it issued'
    return { status: 401, rule, reason, kind: 'plain', entry: 'auth_event' }
  }
  call.caller = caller
  call.visit.who = { name: caller.name, permissions: caller.permissions }
  return 'pass'
}

/** Which provider is meant: the one named, or the first that serves the API of the path and the caller may use. */
export function choose(call: Call, { options }: Room): StepResult {
  const { api, providerName, kind } = call.route!
  const allowed = (name: string): boolean => call.caller!.providers?.includes(name) ?? true
  let first: Provider | null = null
  let best: Provider | null = null
  for (const candidate of options.providers) {
    const { name } = candidate
    if (providerName === null ? !allowed(name) : name !== providerName) continue
    first ??= candidate
    if (rank(candidate, api) < (best === null ? unfit : rank(best, api))) best = candidate
  }
  const provider = best ?? (kind === 'models' ? first : null)
  if (!provider) return malformed(404, 'provider.unknown', 'no provider of that name and API is configured')
  call.provider = provider
  if (kind === 'models') call.route!.api = provider.api
  if (allowed(provider.name)) return 'pass'
  return decided('provider.not-allowed', `this key may not use provider ${provider.name}`)
}

const unfit = 4

/** The lower, the better; of equals the first counts. */
function rank(provider: Provider, api: ApiName): number {
  if (!serves(provider.api, api)) return unfit
  // Models inside the guard stand in where there is no other: the probe's is always there.
  return (provider.local ? 2 : 0) + (provider.api === api ? 0 : 1)
}
