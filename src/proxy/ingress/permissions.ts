import type { Who } from '../visit.ts'

/** What the guide's tokens may hold. Each includes those before it, as OpenClaw's own scopes do. */
export type Permission = 'read' | 'write' | 'admin'

const ladder: readonly Permission[] = ['read', 'write', 'admin']

/** Does somebody hold a permission, or a higher one? Unknown words in the list grant nothing. */
export function grants(who: Who, needed: Permission): boolean {
  return ladder.slice(ladder.indexOf(needed)).some((permission) => who.permissions.includes(permission))
}

/**
 * The permission a request needs.
 * @param path decoded; attacker-controlled
 *
 * A WebSocket needs `read` only, because its frames are held to the scopes of `allowedScopes`.
 */
export function neededFor(request: { kind: 'http' | 'websocket'; method: string; path: string }): Permission {
  // The gateway's admin RPC over HTTP takes configuration writes in a POST (OpenClaw docs, plugins/admin-http-rpc).
  if (/^\/+api\/+v\d+\/+admin(\/|$)/i.test(request.path)) return 'admin'
  if (request.kind === 'websocket') return 'read'
  return request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'write'
}

/**
 * The gateway scopes a client gets: those it asked for and may have.
 * Source: OpenClaw docs, gateway/operator-scopes; `operator.admin` satisfies every `operator.*` scope, so an admin's
 * wishes pass as they are.
 */
export function allowedScopes(who: Who, wanted: unknown): string[] {
  const scopes = Array.isArray(wanted) ? wanted.filter((scope) => typeof scope === 'string') : []
  if (grants(who, 'admin')) return scopes.filter((scope) => /^operator\.[a-z.]+$/.test(scope))
  const ceiling = grants(who, 'write')
    ? ['operator.read', 'operator.write']
    : grants(who, 'read')
      ? ['operator.read']
      : []
  return scopes.filter((scope) => ceiling.includes(scope))
}
