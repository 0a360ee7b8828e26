import { existsSync, readlinkSync } from 'node:fs'

/** Where iproute2 keeps named network namespaces (ip-netns(8)). */
export function netnsPath(name: string): string {
  return `/run/netns/${name}`
}

/** Does a network namespace of that name exist? */
export function netnsExists(name: string): boolean {
  return existsSync(netnsPath(name))
}

/**
 * How a process is taken into namespaces that have names: put in front of its own program and arguments. `nsenter`
 * and not `ip netns exec`, which mounts a new /sys over the old and so hides the control groups.
 *
 * @param into.netns path of a network namespace; left out: that of the caller
 * @param into.mount path of a mount namespace; left out: that of the caller
 */
export function enterCommand(into: { netns?: string | null; mount?: string | null }): string[] {
  const flags = [...(into.netns ? [`--net=${into.netns}`] : []), ...(into.mount ? [`--mount=${into.mount}`] : [])]
  return flags.length === 0 ? [] : ['/usr/bin/nsenter', ...flags]
}

/** Identity of the network namespace a process is in, such as `net:[4026531840]`; `null` when it cannot be told. */
export function netnsOf(pid: number | 'self'): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`)
  } catch {
    return null
  }
}
