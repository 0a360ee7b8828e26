// `__Host-` pins a cookie to one host over https; it needs Secure. Over plain loopback http Chrome and Firefox accept
// Secure cookies by treating localhost as trustworthy, Safari does not, and 127.0.0.1 by number is refused by some
// too: there the name goes without prefix and without Secure. What that costs: cookies know no ports, so another web
// server on the same localhost is sent it too. Use https and a public origin where that matters.
const secureName = '__Host-hardshell'
const plainName = 'hardshell'

/** The session a request presents. Two cookies of one name are one too many: somebody planted one. */
export function readSessionCookie(header: string | undefined, secure: boolean): string | null {
  const names = secure ? [secureName] : [secureName, plainName]
  for (const name of names) {
    const values = pairs(header)
      .filter(([key]) => key === name)
      .map(([, value]) => value)
    if (values.length > 1) return null
    if (values[0]) return values[0]
  }
  return null
}

/** `Set-Cookie` for a new session; an empty value ends it. */
export function sessionCookie(value: string, secure: boolean): string {
  const name = secure ? secureName : plainName
  const attributes = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}${value === '' ? '; Max-Age=0' : ''}`
  return `${name}=${value}; ${attributes}`
}

/** The other cookies of a request, for the gateway; `null` when none is left. */
export function withoutSessionCookie(header: string | undefined): string | null {
  const rest = pairs(header).filter(([key]) => key !== secureName && key !== plainName)
  return rest.length === 0 ? null : rest.map(([key, value]) => `${key}=${value}`).join('; ')
}

/** True for a `Set-Cookie` that would overwrite ours: the gateway has no business there. */
export function setsSessionCookie(header: string): boolean {
  const [name = ''] = header.split('=')
  return name.trim() === secureName || name.trim() === plainName
}

function pairs(header: string | undefined): [string, string][] {
  return (header ?? '').split(';').flatMap((part): [string, string][] => {
    const at = part.indexOf('=')
    return at < 1 ? [] : [[part.slice(0, at).trim(), part.slice(at + 1).trim()]]
  })
}
