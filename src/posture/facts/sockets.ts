import { parseProcNet, type ListeningSocket, type Machine } from '../../host/index.ts'
import { linuxOf, type FactReader } from '../subject.ts'

/** What can be reached on this machine, before any firewall. */
export interface SocketsFacts {
  listening: readonly OwnedSocket[]
}

export interface OwnedSocket extends ListeningSocket {
  /** Name of the program that holds it, `null` where nobody may tell. */
  program: string | null
}

const tables = [['tcp', 'tcp'], ['tcp6', 'tcp'], ['udp', 'udp'], ['udp6', 'udp']] as const

export const sockets: FactReader<SocketsFacts> = {
  async read(subject) {
    const host = linuxOf(subject)
    const texts = await Promise.all(tables.map(async ([name]) => await host.text(`/proc/net/${name}`)))
    // A machine without IPv6 has no table for it; one without IPv4 is a copy without its processes.
    if (texts[0] === null) throw new Error('/proc/net/tcp is not there: what listens cannot be told from files alone')
    const found = tables.flatMap(([, protocol], i) => parseProcNet(texts[i] ?? '', protocol))
    const programs = await programsOf(host, new Set(found.map(({ inode }) => inode)))
    return { listening: found.map((socket) => ({ ...socket, program: programs.get(socket.inode) ?? null })) }
  },
}

/** Only this machine can reach it. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}

// Beyond this a machine has so many processes that naming the holder is not worth the wait.
const maxProcesses = 512
const maxFilesEach = 256

async function programsOf(host: Machine, wanted: ReadonlySet<number>): Promise<ReadonlyMap<number, string>> {
  const programs = new Map<number, string>()
  const pids = ((await host.names('/proc').catch(() => null)) ?? []).filter((name) => /^\d+$/.test(name)).slice(0, maxProcesses)
  await Promise.all(pids.map(async (pid) => {
    // Other people's processes do not show their files; that is no error, only no name.
    const files = ((await host.names(`/proc/${pid}/fd`).catch(() => null)) ?? []).slice(0, maxFilesEach)
    const targets = await Promise.all(files.map(async (file) => (await host.status(`/proc/${pid}/fd/${file}`).catch(() => null))?.target ?? ''))
    const held = targets.map((target) => Number(/^socket:\[(\d+)\]$/.exec(target)?.[1])).filter((inode) => wanted.has(inode))
    if (held.length === 0) return
    const name = (await host.text(`/proc/${pid}/comm`).catch(() => null))?.trim() ?? null
    if (name !== null) for (const inode of held) programs.set(inode, name)
  }))
  return programs
}
