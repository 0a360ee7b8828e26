import { createSocket, type Socket } from 'node:dgram'
import { createServer, type AddressInfo } from 'node:net'
import { decode, encode } from 'dns-packet'
import type { Listen } from '../../base/index.ts'

export interface TestResolver {
  at: Listen
  udp: Socket
  close(): Promise<void>
}

/** A resolver on UDP and TCP whose every answer is a code and the text of an Extended DNS Error. */
export async function resolverThat(answer: (name: string, transport: 'udp' | 'tcp') => [code: number, rule: string] | null): Promise<TestResolver> {
  const replyTo = (bytes: Buffer, transport: 'udp' | 'tcp'): Buffer => {
    const { id, questions } = decode(bytes)
    const [code, rule] = answer(questions![0]!.name, transport) ?? [0, '']
    const options = rule === '' ? [] : [{ code: 15, data: Buffer.concat([Buffer.from([0, 18]), Buffer.from(rule)]) }]
    const opt = { type: 'OPT', name: '.', udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options }
    return encode({ type: 'response', id, flags: code, questions, additionals: [opt as never] })
  }
  const udp = createSocket('udp4')
  udp.on('message', (bytes, { port, address }) => udp.send(replyTo(bytes, 'udp'), port, address))
  const tcp = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      const reply = replyTo(chunk.subarray(2), 'tcp')
      socket.end(Buffer.concat([Buffer.from([reply.length >> 8, reply.length & 255]), reply]))
    })
  })
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
  const { port } = tcp.address() as AddressInfo
  await new Promise<void>((resolve) => udp.bind(port, '127.0.0.1', resolve))
  return {
    at: { host: '127.0.0.1', port },
    udp,
    close: async () => {
      await new Promise<void>((resolve) => udp.close(() => resolve()))
      await new Promise<void>((resolve) => tcp.close(() => resolve()))
    },
  }
}
