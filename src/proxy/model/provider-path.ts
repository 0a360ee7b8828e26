// Calls whose address clients build as "base plus name", and the base may end in whatever version the server has.
const openAiCall = /^\/v1(?=\/(?:chat\/completions|responses|models)(?:[/?]|$))/

/**
 * Path of a call at a provider.
 * @param baseUrl origin and optional prefix; one that names a version of its own (`…/api/paas/v4`,
 *   `…/v1beta/openai`) is what OpenAI-compatible servers are called by, and `/v1` is left out then
 * @param target path with its version, and query: `/v1/chat/completions`
 */
export function pathAtProvider(baseUrl: string, target: string): string {
  const { prefix, hasVersion } = known.get(baseUrl) ?? remember(baseUrl)
  return prefix + (hasVersion ? target.replace(openAiCall, '') : target)
}

interface Base {
  prefix: string
  hasVersion: boolean
}

// Taking an address apart costs more than reading a head, and those of the configuration are a handful.
const known = new Map<string, Base>()
const maxKnown = 256

function remember(baseUrl: string): Base {
  const prefix = new URL(baseUrl).pathname.replace(/\/+$/, '')
  const base = { prefix, hasVersion: /\/v\d[^/]*(?:\/|$)/.test(prefix) }
  if (known.size < maxKnown) known.set(baseUrl, base)
  return base
}
