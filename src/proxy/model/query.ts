import type { ModelContent } from './ports.ts'

// What the APIs we speak read from the query: form and version of the answer, pages of the list of models.
// `beta` is what Anthropic's SDK adds, `api-version` what OpenAI-compatible servers of Azure want.
const known = new Set([
  'after_id',
  'alt',
  'api-version',
  'before_id',
  'beta',
  'limit',
  'pageSize',
  'pageToken',
  'prettyPrint',
])

const credentials = /^(?:key|api[-_]?key|access[-_]?token|token|auth(?:orization)?)$/i

/**
 * Why a query may not go on; `null` when it may. It goes into address lines and logs of others, and Google obeys
 * parameters in it that replace headers and methods (`$httpHeaders`): only what is known passes.
 * @param query with its question mark, or empty; attacker-controlled
 */
export function queryProblem(query: string, content: ModelContent): string | null {
  if (query === '') return null // nearly every call
  for (const [name, value] of new URLSearchParams(query)) {
    if (credentials.test(name)) return 'a key does not belong into the address; send it as a header'
    if (!known.has(name)) return `the query has a parameter that is not passed on; known are ${[...known].join(', ')}`
    if (name === 'alt' && value !== 'sse' && value !== 'json') return 'alt is sse or json; others cannot be inspected'
    if (!/^[\w.:,=-]{0,200}$/.test(value) || content.findSecrets(value).length > 0) {
      return 'a parameter of the query has a value that is not passed on'
    }
  }
  return null
}
