/** Headers as node:http hands them out: lower-case names. */
export type HeadersLike = Readonly<Record<string, string | string[] | undefined>>

/**
 * The credential a request carries: `Authorization: Bearer …` (RFC 6750, section 2.1), else `x-api-key`, where
 * Anthropic's clients put theirs. Never from a URL: those end up in logs, histories and `Referer` (CVE-2026-25253).
 * @returns `null` when there is none, or when there are two that differ: which one was meant is not ours to guess
 */
export function bearerOf(headers: HeadersLike): string | null {
  const bearer = /^bearer +([^\s,]+) *$/i.exec(single(headers.authorization) ?? '')?.[1] ?? null
  const apiKey = single(headers['x-api-key'])?.trim() || null
  if (bearer !== null && apiKey !== null && bearer !== apiKey) return null
  return bearer ?? apiKey
}

/** Two headers of one name are ambiguous, even if equal; so they are none. */
function single(value: string | string[] | undefined): string | null {
  if (Array.isArray(value)) return value.length === 1 ? value[0]! : null
  return value ?? null
}
