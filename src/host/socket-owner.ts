import { readFileSync } from 'node:fs'

/**
 * Users who have a socket at this port of this machine, by the kernel's own tables (proc(5), /proc/net/udp). More than
 * one only where sockets of several users share it on different addresses. Empty: nobody, or no longer.
 *
 * @returns `null` where the system does not tell
 */
export function usersOfPort(transport: 'udp' | 'tcp', port: number): number[] | null {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const tables = [transport, `${transport}6`].flatMap((name) => read(`/proc/net/${name}`))
  return tables.length === 0 ? null : [...new Set(tables.flatMap((table) => owners(table, hex)))]
}

function owners(table: string, hex: string): number[] {
  return table.split('\n').slice(1).flatMap((line) => {
    const [, local, , , , , , uid] = line.trim().split(/\s+/)
    return local?.endsWith(`:${hex}`) && uid !== undefined ? [Number(uid)] : []
  })
}

function read(file: string): string[] {
  try {
    return [readFileSync(file, 'utf8')]
  } catch {
    return [] // no IPv6 here, or no Linux
  }
}
