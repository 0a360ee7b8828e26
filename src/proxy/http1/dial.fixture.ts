import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** A peer that says what it likes and keeps what it hears, as client or as origin. */
export class Peer {
  heard = ''
  ended = false
  readonly socket: Socket
  /** The connection is gone, whoever ended it. */
  readonly closed: Promise<void>
  #wake: () => void = () => {}

  constructor(socket: Socket) {
    this.socket = socket
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()))
    socket.on('error', () => socket.destroy())
    socket.on('data', (segment: Buffer) => {
      this.heard += segment.toString('latin1')
      this.#wake()
    })
    socket.on('end', () => (this.ended = true))
    socket.on('close', () => this.#wake())
  }

  say(text: string | Buffer): this {
    this.socket.write(text)
    return this
  }

  /** @returns what was heard so far, as soon as it matches; or whatever there is when the connection ends */
  async hears(awaited: RegExp | string): Promise<string> {
    const matches = typeof awaited === 'string' ? () => this.heard.includes(awaited) : () => awaited.test(this.heard)
    while (!matches() && !this.socket.destroyed) await new Promise<void>((resolve) => (this.#wake = resolve))
    return this.heard
  }
}

/** A client. @param localAddress where it comes from */
export async function dial(port: number, localAddress = '127.0.0.1'): Promise<Peer> {
  const socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true })
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  return new Peer(socket)
}

/** An origin whose every connection is a peer to be told what to say. */
export interface Origin {
  port: number
  /** The n-th connection, as soon as there is one; from 0. */
  peer(n: number): Promise<Peer>
  count(): number
  close(): Promise<void>
}

export async function openOrigin(): Promise<Origin> {
  const peers: Peer[] = []
  let wake = (): void => {}
  const server: Server = createServer({ noDelay: true }, (socket) => {
    peers.push(new Peer(socket))
    wake()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    async peer(n) {
      while (peers.length <= n) await new Promise<void>((resolve) => (wake = resolve))
      return peers[n]!
    },
    count: () => peers.length,
    async close() {
      for (const { socket } of peers) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
