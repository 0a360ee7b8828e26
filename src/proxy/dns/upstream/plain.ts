import { createSocket } from 'node:dgram'
import { connect, isIPv6 } from 'node:net'
import type { DecodedPacket } from 'dns-packet'
import { formatListen, systemRandom, type Listen, type Random } from '../../../base/index.ts'
import { makeAsking, readAnswer, type Asking, type Upstream } from './asking.ts'

/**
 * A resolver of the classic kind. Every question leaves from a port of its own; what comes back and does not match
 * is taken for forged and waited past. Truncated answers and answers in another spelling are asked for over TCP.
 * @param ownPorts ports our questions leave from, for as long as they are under way: one that arrives at our own door
 *   from there is a loop
 */
export function plainUpstream(at: Listen, ownPorts: Set<number>, random: Random = systemRandom): Upstream {
  return {
    title: formatListen(at),
    async ask(question, signal) {
      const first = await overUdp(makeAsking(question, random, { edns: true, spelling: true }), at, ownPorts, signal)
      if (first === 'retry') return await overTcp(makeAsking(question, random, { edns: true, spelling: false }), at, ownPorts, signal)
      if (!dislikesEdns(first)) return first
      // RFC 6891, section 7: a server too old for EDNS is asked without it.
      const plain = await overUdp(makeAsking(question, random, { edns: false, spelling: true }), at, ownPorts, signal)
      return plain === 'retry' ? await overTcp(makeAsking(question, random, { edns: false, spelling: false }), at, ownPorts, signal) : plain
    },
    close: async () => undefined,
  }
}

function dislikesEdns(packet: DecodedPacket): boolean {
  return ['FORMERR', 'NOTIMP'].includes((packet as unknown as { rcode: string }).rcode)
}

function overUdp(asking: Asking, { host, port }: Listen, ownPorts: Set<number>, signal: AbortSignal): Promise<DecodedPacket | 'retry'> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error)
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
    let [ownPort, ended] = [0, false]
    const end = (settle: () => void): void => {
      if (ended) return
      ended = true
      signal.removeEventListener('abort', abort)
      ownPorts.delete(ownPort)
      socket.close()
      settle()
    }
    const abort = (): void => end(() => reject(signal.reason as Error))
    socket.on('error', (error) => end(() => reject(error)))
    signal.addEventListener('abort', abort, { once: true })
    socket.on('message', (bytes) => {
      const answer = readAnswer(bytes, asking)
      if (answer === 'foreign') return
      end(() => resolve(answer === 'spelling' || answer.packet.flag_tc ? 'retry' : answer.packet))
    })
    // Connected: the kernel drops what comes from anywhere else, and tells us when nobody listens there.
    // The callback of a connect that failed (no route) is called too, with the error; types do not know it.
    socket.connect(port, host, (error?: Error) => {
      if (ended) return
      if (error) return end(() => reject(error))
      ownPort = socket.address().port
      ownPorts.add(ownPort)
      socket.send(asking.bytes)
    })
  })
}

function overTcp(asking: Asking, { host, port }: Listen, ownPorts: Set<number>, signal: AbortSignal): Promise<DecodedPacket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal, noDelay: true })
    let [bytes, ownPort] = [Buffer.alloc(0), 0]
    const end = (settle: () => void): void => {
      ownPorts.delete(ownPort)
      socket.destroy()
      settle()
    }
    socket.on('error', (error) => end(() => reject(error)))
    socket.once('close', () => end(() => reject(new Error('closed without an answer'))))
    socket.once('connect', () => {
      ownPort = socket.localPort ?? 0
      ownPorts.add(ownPort)
      socket.write(Buffer.concat([Buffer.from([asking.bytes.length >> 8, asking.bytes.length & 0xff]), asking.bytes]))
    })
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk])
      if (bytes.length < 2 || bytes.length < 2 + bytes.readUInt16BE(0)) return
      const answer = readAnswer(bytes.subarray(2, 2 + bytes.readUInt16BE(0)), asking)
      // On a connection of our own the spelling guards nothing.
      end(() => (typeof answer === 'object' ? resolve(answer.packet) : reject(new Error('the answer is to another question'))))
    })
  })
}
