import { connect, type OnReadOpts, type Socket } from 'node:net'

/** Reads from an upstream into memory of its own, which grows with what comes: nothing is allocated per piece. */
export interface Downstream {
  /** For `net.connect`: where to read to, and whom to tell. */
  readonly onread: OnReadOpts
  /**
   * Sends everything to this client from now on, and as fast as it takes it. What came before is sent first.
   * @param count told of every piece
   */
  flowTo(client: Socket, count: (bytes: number) => void): void
}

// Most tunnels carry a few kilobytes. One that fills its memory at once gets more, up to what one read of a fast link gives.
const firstBytes = 4_096
const mostBytes = 262_144
const growth = 8

/** @param upstream asked for when reading goes on; the socket that was made with `onread` */
export function createDownstream(upstream: () => Socket): Downstream {
  let memory = Buffer.allocUnsafeSlow(firstBytes)
  let wanted = firstBytes
  let client: Socket | null = null
  let count: (bytes: number) => void = () => undefined
  const early: Buffer[] = []
  let stopped = false
  const onTaken = (): void => {
    if (!stopped) return
    stopped = false
    if (!upstream().destroyed) upstream().resume()
  }
  const callback = (length: number, bytes: Uint8Array): boolean => {
    if (client === null) {
      // An upstream that speaks before it was spoken to: kept, and no more is read until somebody takes it.
      early.push(Buffer.from(bytes.subarray(0, length)))
      stopped = true
      return false
    }
    count(length)
    if (length === bytes.length && wanted < mostBytes) wanted = Math.min(mostBytes, wanted * growth)
    if (client.destroyed) return true
    client.write(bytes.subarray(0, length), onTaken)
    // The kernel took it at once, as it does as a rule: the memory is free again. Else it belongs to the write.
    stopped = client.writableLength > 0
    return !stopped
  }
  const buffer = (): Buffer => {
    if (memory.length < wanted) memory = Buffer.allocUnsafeSlow(wanted)
    return memory
  }
  return {
    onread: { buffer, callback },
    flowTo(to, counter) {
      client = to
      count = counter
      for (const bytes of early.splice(0)) {
        counter(bytes.length)
        to.write(bytes)
      }
      onTaken()
    },
  }
}

/** A connection to a judged address. */
export interface Upstream {
  socket: Socket
  /** Where it is read from; `null`: from the socket, as any other. */
  downstream: Downstream | null
}

/** @param relayed everything it says goes to one client as it is: it may be read the fast way */
export function dialTcp(host: string, port: number, relayed: boolean): Upstream {
  // The address is one: no race between families to prepare for.
  const to = { host, port, allowHalfOpen: true, noDelay: true, autoSelectFamily: false }
  if (!relayed) return { socket: connect(to), downstream: null }
  const downstream = createDownstream(() => socket)
  const socket: Socket = connect({ ...to, onread: downstream.onread })
  return { socket, downstream }
}
