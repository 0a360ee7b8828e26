import { endToEndHeaders } from '../hop-by-hop.ts'
import { setsSessionCookie } from './cookie.ts'

// What tells an attacker what runs here, and the gateway's own cross-origin permissions: this door grants none.
const dropped = /^(server|x-powered-by|via|x-aspnet-version|strict-transport-security|access-control-.*)$/

// Added when the gateway says nothing. Source: OWASP Secure Headers Project.
const defaults: Readonly<Record<string, string>> = {
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** The gateway's reply headers on their way out, hardened. @returns name, value, name, value … */
export function hardenedHeaders(rawHeaders: readonly string[], visitId: string): string[] {
  const kept: string[] = []
  const present = new Set<string>()
  const passing = endToEndHeaders(rawHeaders)
  for (let i = 0; i + 1 < passing.length; i += 2) {
    const [name, value] = [passing[i]!.toLowerCase(), passing[i + 1]!]
    if (dropped.test(name) || name.startsWith('x-hardshell-') || name === 'x-content-type-options') continue
    if (name === 'set-cookie' && setsSessionCookie(value)) continue
    present.add(name)
    kept.push(name, value)
  }
  for (const [name, value] of Object.entries(defaults)) if (!present.has(name)) kept.push(name, value)
  kept.push('x-content-type-options', 'nosniff', 'x-hardshell-visit', visitId)
  return kept
}

/** Headers of the answers this door gives itself. */
export const ownHeaders: Readonly<Record<string, string>> = {
  ...defaults,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}
