import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { processTree } from './gateway-secrets.ts'

/**
 * Is it this process, or one it started, that listens on the loopback port? While the gateway is down anybody may take
 * its port, answer `/readyz` and be sent its token.
 *
 * @returns `null` where the system does not tell (not Linux, or not our process to look into): unknown, not yes
 */
export function portBelongsTo(port: number, rootPid: number): boolean | null {
  if (process.platform !== 'linux') return null
  // Of the network it is in, which need not be ours.
  const inodes = listeningInodes(port, rootPid)
  if (inodes.size === 0) return null
  let looked = false
  for (const pid of processTree(rootPid)) {
    const sockets = socketsOf(pid)
    looked ||= sockets !== null
    if (sockets?.some((inode) => inodes.has(inode))) return true
  }
  return looked ? false : null
}

/** Inodes of sockets in state LISTEN on the port, in both address families. Source: proc(5), /proc/net/tcp. */
function listeningInodes(port: number, pid: number): Set<string> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const lines = [`/proc/${pid}/net/tcp`, `/proc/${pid}/net/tcp6`].flatMap((file) => read(file).split('\n'))
  const fields = lines.map((line) => line.trim().split(/\s+/))
  const listening = '0A'
  return new Set(fields.filter((f) => f[1]?.endsWith(`:${hex}`) && f[3] === listening).map((f) => f[9]!))
}

function socketsOf(pid: number): string[] | null {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(readlinkOf(`/proc/${pid}/fd/${fd}`))?.[1] ?? [])
  } catch {
    return null
  }
}

function readlinkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return '' // closed meanwhile
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
