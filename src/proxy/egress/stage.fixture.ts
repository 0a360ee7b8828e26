import { connect as netConnect, createServer, type Socket } from 'node:net'
import type { NewEntry } from '../../auditlog/index.ts'
import { systemClock } from '../../base/index.ts'
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

/** Opens a proxy whose connections all end at `origin`, whatever address was judged. */
export async function openStage(
  more: {
    options?: Partial<EgressOptions>
    ports?: Partial<EgressPorts>
    origin?: number
    answers?: string[][]
    at?: number
  } = {},
): Promise<Stage> {
  const stage = { entries: [] as NewEntry[], dialled: [] as string[], resolved: [] as string[] }
  const answers = more.answers ?? []
  const options: EgressOptions = {
    allowedHosts: ['api.example.com', '*.wild.example.com', 'odd.example.com:9000'],
    deniedHosts: ['*'],
    allowPrivate: [],
    connectTimeoutMs: 2000,
    idleTimeoutMs: 5000,
    maxConnections: 50,
    ...more.options,
  }
  const proxy = createEgressProxy(options, {
    audit: {
      append: async (entry) => {
        stage.entries.push(entry)
        return { seq: stage.entries.length, hash: '' }
      },
    },
    clock: systemClock,
    decide: () => ({ allow: true, rule: 'test.gate', reason: '' }),
    resolve: async (host) => {
      stage.resolved.push(host)
      return answers.shift() ?? ['93.184.216.34']
    },
    connect: (address, port) => {
      stage.dialled.push(`${address}:${port}`)
      return netConnect({ host: '127.0.0.1', port: more.origin ?? 9, allowHalfOpen: true })
    },
    ...more.ports,
  })
  const { port } = await proxy.listen({ host: '127.0.0.1', port: more.at ?? 0 })
  return { proxy, port, ...stage }
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
