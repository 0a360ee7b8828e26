// Calls whose address clients build as "base plus name", and the base may end in whatever version the server has.
const openAiCall = /^\/v1(?=\/(?:chat\/completions|responses|models)(?:[/?]|$))/

/**
 * Path of a call at a provider.
 * @param baseUrl origin and optional prefix; one that names a version of its own (`…/api/paas/v4`,
 *   `…/v1beta/openai`) is what OpenAI-compatible servers are called by, and `/v1` is left out then
 * @param target path with its version, and query: `/v1/chat/completions`
 */
export function pathAtProvider(baseUrl: string, target: string): string {
  const prefix = new URL(baseUrl).pathname.replace(/\/+$/, '')
  return prefix + (/\/v\d[^/]*(?:\/|$)/.test(prefix) ? target.replace(openAiCall, '') : target)
}
