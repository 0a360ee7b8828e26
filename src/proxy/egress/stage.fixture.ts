import { connect as netConnect, createServer, type Socket } from 'node:net'
import type { NewEntry, TurnWriter } from '../../auditlog/index.ts'
import { systemClock } from '../../base/index.ts'
import type { RuleOptions } from './rules.ts'
import { createEgressProxy, type EgressOptions, type EgressPorts, type EgressProxy } from './index.ts'

/** A proxy on a port of its own, with everything it wrote down and everywhere it connected. */
export interface Stage {
  proxy: EgressProxy
  port: number
  entries: NewEntry[]
  /** `address:port` as the proxy dialled it. */
  dialled: string[]
  resolved: string[]
}

/** What a test may say otherwise. */
export interface Staging {
  rules?: Partial<RuleOptions>
  limits?: Partial<EgressOptions['limits']>
  options?: Partial<Omit<EgressOptions, 'rules' | 'limits'>>
  ports?: Partial<EgressPorts>
  /** Where every connection really ends. */
  origin?: number
  /** What the resolver says, one answer after the other. */
  answers?: string[][]
  at?: number
  /** Connects for real, to where it judged. */
  real?: boolean
}

export const stageRules: RuleOptions = {
  mode: 'enforce',
  allowedHosts: ['api.example.com', '*.wild.example.com', { host: 'odd.example.com:9000', protocol: 'tcp' }, 'web.example.com:8080'],
  deniedHosts: ['*'],
  agents: {},
  skills: {},
}

/** Opens a proxy whose connections all end at `origin`, whatever address was judged. */
export async function openStage(more: Staging = {}): Promise<Stage> {
  const stage = { entries: [] as NewEntry[], dialled: [] as string[], resolved: [] as string[] }
  const answers = more.answers ?? []
  const options: EgressOptions = {
    rules: { ...stageRules, ...more.rules },
    allowPrivate: [],
    dangerouslyAllowEch: false,
    unidentified: 'gateway',
    limits: { connectTimeoutMs: 2000, openingTimeoutMs: 5000, idleTimeoutMs: 5000, lifetimeMs: Infinity, maxBytesPerConnection: Infinity, ...more.limits },
    maxConnections: 50,
    shareFor: () => ({ maxConnections: 50, bytesPerHour: Infinity }),
    accounts: { alertNew: false, alertUploadBytes: Infinity },
    ...more.options,
  }
  const proxy = createEgressProxy(options, {
    audit: logInto(stage.entries),
    clock: systemClock,
    decide: () => ({ allow: true, rule: 'test.gate', reason: '' }),
    resolve: async (host) => {
      stage.resolved.push(host)
      return answers.shift() ?? ['93.184.216.34']
    },
    ...(!more.real && {
      connect: (address: string, port: number) => {
        stage.dialled.push(`${address}:${port}`)
        return netConnect({ host: '127.0.0.1', port: more.origin ?? 9, allowHalfOpen: true })
      },
    }),
    ...more.ports,
  })
  const { port } = await proxy.listen({ host: '127.0.0.1', port: more.at ?? 0 })
  return { proxy, port, ...stage }
}

/** A log that keeps what it is given. */
export function logInto(entries: NewEntry[]): TurnWriter {
  const durable = { isDurable: true, durable: async () => undefined }
  const write = (entry: NewEntry): typeof durable => {
    entries.push(entry)
    return durable
  }
  return {
    append: async (entry) => {
      entries.push(entry)
      return { seq: entries.length, hash: '' }
    },
    write,
    writeThisTurn: async (entry) => write(entry),
    note: (entry) => void entries.push(entry),
  }
}

/** Sends text to the proxy and collects what comes until it stops, or until `enough` is satisfied. */
export function exchange(
  port: number,
  text: string,
  enough: (seen: string) => boolean = () => false,
): Promise<{ seen: string; socket: Socket }> {
  return new Promise((resolve) => {
    const socket = netConnect({ host: '127.0.0.1', port })
    let seen = ''
    const take = (chunk: Buffer): void => {
      seen += chunk.toString('latin1')
      if (enough(seen)) finish()
    }
    const finish = (): void => {
      socket.off('data', take)
      resolve({ seen, socket })
    }
    socket.on('data', take).on('close', finish).on('error', finish)
    socket.write(text)
  })
}

export const headEnds = (seen: string): boolean => seen.includes('\r\n\r\n')

/** A server that answers every connection with what it heard, and its port. */
export async function listenLocal(serve: (socket: Socket) => void): Promise<{ port: number; close: () => void }> {
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket))
    serve(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const close = (): void => {
    server.close()
    for (const socket of open) socket.destroy()
  }
  return { port: typeof address === 'object' && address ? address.port : 0, close }
}

/** Waits until the log holds the closing entry: it comes after the client has seen the end. */
export async function closingEntry(entries: readonly NewEntry[]): Promise<NewEntry> {
  for (;;) {
    const closing = entries.find((entry) => entry.duration_ms !== undefined)
    if (closing) return closing
    await new Promise((resolve) => setImmediate(resolve))
  }
}
