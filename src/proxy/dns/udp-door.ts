import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { formatListen, HardshellError, messageOf, type Listen } from '../../base/index.ts'

/** Takes one packet and gives back what is to be sent, or `null` for nothing. Never throws. */
export type Serve = (bytes: Buffer, from: { address: string; port: number; transport: 'udp' | 'tcp' }) => Promise<Buffer | null>

// Packets wait in the kernel while the guard does something else; its default holds some hundred.
const receiveBytes = 1024 * 1024

/** @throws HardshellError `dns.listen-failed` */
export function openUdpDoor(at: Listen, serve: Serve): Promise<{ socket: Socket; port: number }> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: isIPv6(at.host) ? 'udp6' : 'udp4', recvBufferSize: receiveBytes })
    const fail = (cause: Error): void => {
      socket.close()
      reject(listenFailed(at, cause))
    }
    socket.once('error', fail)
    socket.on('message', (bytes, { address, port }) => {
      void serve(bytes, { address, port, transport: 'udp' }).then((reply) => {
        // Who asked may be gone, and we may be closing: a packet that is lost is asked for again.
        if (reply) socket.send(reply, port, address, () => undefined)
      }).catch(() => undefined)
    })
    socket.bind({ port: at.port, address: at.host, exclusive: true }, () => {
      socket.off('error', fail)
      socket.on('error', () => undefined) // of single packets: an unreachable asker
      resolve({ socket, port: socket.address().port })
    })
  })
}

export function listenFailed(at: Listen, cause: Error): HardshellError {
  return new HardshellError('dns.listen-failed', `cannot listen on ${formatListen(at)} (dns.listen): ${messageOf(cause)}`, {
    hint: 'choose another address: dns.listen in network.yaml; port 53 itself needs root and is reached by a redirect instead',
    cause,
  })
}
