import { posix } from 'node:path'

// What OpenClaw refuses to mount (2026.9.6, sandbox security): system, devices, sockets, and credentials of the person.
const system = ['/etc', '/private/etc', '/proc', '/sys', '/dev', '/root', '/boot', '/run', '/var/run', '/private/var/run']
const ofHome = ['.aws', '.cargo', '.config', '.docker', '.gnupg', '.netrc', '.npm', '.ssh']

export interface BindFault {
  kind: 'dangerous' | 'relative'
  /** What is reached through it. */
  reaches: string
}

/** What is wrong with a mount `source:target[:mode]`, or `null`. Pure: links are not followed. */
export function bindFault(bind: string, home: string): BindFault | null {
  const windows = /^[A-Za-z]:[\\/]/.test(bind)
  const source = bind.slice(0, bind.indexOf(':', windows ? 2 : 0) === -1 ? undefined : bind.indexOf(':', windows ? 2 : 0))
  if (windows) return null
  if (!source.startsWith('/')) return { kind: 'relative', reaches: source }
  const path = posix.normalize(source).replace(/(?<=.)\/$/, '')
  if (path === '/') return { kind: 'dangerous', reaches: '/' }
  const blocked = [...system, ...ofHome.map((name) => posix.join(home, name))].find((one) => inside(one, path) || inside(path, one))
  return blocked === undefined ? null : { kind: 'dangerous', reaches: blocked }
}

function inside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}
