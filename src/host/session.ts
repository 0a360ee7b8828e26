import { readFileSync } from 'node:fs'
import { parentOf } from './processes.ts'

/** Who is sitting there, and over which wire: what no change may cut. */
export interface Session {
  /** The person, behind sudo where there is one; `null` when nobody can tell. */
  user: string | null
  /** The SSH connection in use; `null` on a console. */
  connection: { peer: string; address: string; port: number } | null
}

/** The session of this process. `sudo` takes SSH_CONNECTION away, and the processes above it still have it. */
export function sessionOf(env: Readonly<Record<string, string | undefined>>, pid = process.pid): Session {
  const { SUDO_USER, USER, LOGNAME } = env
  return { user: SUDO_USER ?? USER ?? LOGNAME ?? null, connection: connectionIn(env['SSH_CONNECTION']) ?? inherited(pid) }
}

function inherited(pid: number): Session['connection'] {
  for (let at = parentOf(pid); at !== null && at > 1; at = parentOf(at)) {
    const found = connectionIn(variableOf(at, 'SSH_CONNECTION'))
    if (found !== null) return found
  }
  return null
}

/** `client port server port` (ssh(1), ENVIRONMENT). */
function connectionIn(text: string | undefined): Session['connection'] {
  const [peer, , address, port] = text?.split(' ') ?? []
  return peer !== undefined && address !== undefined && Number(port) > 0 ? { peer, address, port: Number(port) } : null
}

function variableOf(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1)
  } catch {
    return undefined // another user's, or gone
  }
}
