import { sshdValue } from '../../host/index.ts'
import { DoesNotArise, linuxOf, type Ask, type FactReader } from '../subject.ts'
import { isLoopback } from './sockets.ts'

/** How people reach this machine today: what no change may take away. */
export interface RemoteAccessFacts {
  /** Accounts somebody uses right now, the one that asks first. */
  users: readonly string[]
  /** Ports of sshd that are configured or in use by this very connection. */
  sshPorts: readonly number[]
  /** Web ports something answers on for everybody. */
  webPorts: readonly number[]
  /** Who may come in with a key that opens a shell. */
  keyHolders: readonly string[]
}

const web = [80, 443]

export const remoteAccess: FactReader<RemoteAccessFacts> = {
  async read(subject, ask) {
    const host = linuxOf(subject)
    const [ports, holders, webPorts] = await Promise.all([portsOf(ask), holdersOf(ask), webPortsOf(ask)])
    const who = host.live ? await host.run(['who']).catch(() => null) : null
    const logins = (who?.out ?? '').split('\n').map((line) => line.split(/\s+/)[0]!).filter((name) => name !== '')
    const { SUDO_USER, USER, LOGNAME, SSH_CONNECTION } = host.env
    const asking = SUDO_USER ?? USER ?? LOGNAME
    // "client port, server port" in its order: address port address port (ssh(1)).
    const here = Number(SSH_CONNECTION?.split(' ')[3])
    return {
      users: [...new Set([...(asking === undefined ? [] : [asking]), ...logins])],
      sshPorts: [...new Set([...ports, ...(here > 0 ? [here] : [])])],
      webPorts,
      keyHolders: holders,
    }
  },
}

/** Without an sshd nobody comes in by one. */
async function portsOf(ask: Ask): Promise<number[]> {
  try {
    const { lines } = await ask('sshd')
    const own = lines.filter(({ keyword, match }) => keyword === 'listenaddress' && match === null).map(({ args }) => Number(/:(\d+)$/.exec(args[0] ?? '')?.[1]))
    return [...sshdValue(lines, 'Port')!.value.split(' ').map(Number), ...own].filter((port) => port > 0)
  } catch (error) {
    if (error instanceof DoesNotArise) return []
    throw error
  }
}

/** Nobody where accounts or keys cannot be read: then nothing is changed that would need one. */
async function holdersOf(ask: Ask): Promise<string[]> {
  const { files } = await ask('authorizedKeys').catch(() => ({ files: [] }))
  return [...new Set(files.filter(({ keys, trusted }) => trusted && keys.some(({ opensShell }) => opensShell)).map(({ user }) => user))]
}

/** Nothing is known to be in use where sockets cannot be listed, as in a copy of a machine. */
async function webPortsOf(ask: Ask): Promise<number[]> {
  const sockets = await ask('sockets').catch(() => ({ listening: [] }))
  return web.filter((port) => sockets.listening.some((socket) => socket.port === port && !isLoopback(socket.address)))
}
