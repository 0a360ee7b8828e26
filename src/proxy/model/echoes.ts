import { isObject } from './json-text.ts'

const fields = new Set(['logprobs', 'logprobsResult'])

/**
 * An answer without the fields that repeat its text token by token: where a secret was taken out of the text, its
 * tokens would still stand there, each too short to be found.
 * @param text valid JSON
 */
export function withoutEchoes(text: string): string {
  if (!/"logprobs(?:Result)?"\s*:\s*[[{]/.test(text)) return text
  return JSON.stringify(JSON.parse(text), (key, value: unknown) => {
    if (!fields.has(key)) return value
    return Array.isArray(value) ? [] : isObject(value) ? null : value
  })
}
