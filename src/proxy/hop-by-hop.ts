// RFC 9110, section 7.6.1, and the headers every proxy has learned to drop with them. `te` and `trailer` belong to
// one hop; `keep-alive`, `proxy-connection` are from before the RFC; `http2-settings` goes with an upgrade.
const hopByHop = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * The headers that may pass a proxy: without those of one hop, without those `Connection` names.
 * @param rawHeaders name, value, name, value … as received; attacker-controlled
 * @returns the same shape, order and spelling kept
 *
 * `Connection` may not name `host`, `content-length` and the like: that would let a client remove what frames or
 * addresses its request (CVE-2026-33805 is this mistake), so those names are ignored there.
 */
export function endToEndHeaders(rawHeaders: readonly string[]): string[] {
  const named = namedByConnection(rawHeaders)
  const kept: string[] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase()
    if (!hopByHop.has(name) && !named.has(name)) kept.push(rawHeaders[i]!, rawHeaders[i + 1]!)
  }
  return kept
}

const neverRemovable = new Set([
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'authorization',
  'cookie',
  'origin',
])

function namedByConnection(rawHeaders: readonly string[]): Set<string> {
  const named = new Set<string>()
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.toLowerCase() !== 'connection') continue
    for (const token of rawHeaders[i + 1]!.split(',')) {
      const name = token.trim().toLowerCase()
      if (!neverRemovable.has(name)) named.add(name)
    }
  }
  return named
}
