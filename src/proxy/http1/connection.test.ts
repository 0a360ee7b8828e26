import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { Connection } from './connection.ts'
import { doorFor, MemorySocket, settled } from './stage.fixture.ts'
import type { Sweep } from './sweep.ts'

/** A connection whose deadlines are numbers counted up: each new one can be told from the one before. */
function stage(): { connection: Connection; hear(text: string): Promise<number> } {
  let asked = 0
  const sweep = { after: () => ++asked, add: () => {}, delete: () => {} } as unknown as Sweep
  const socket = new MemorySocket()
  const connection = new Connection(socket as unknown as Socket, {
    ...doorFor((exchange) => {
      if (exchange.target === '/') exchange.reply.whole(200, {}, '')
    }),
    sweep,
  })
  return {
    connection,
    async hear(text) {
      socket.push(Buffer.from(text))
      await settled()
      return connection.deadlineAt
    },
  }
}

describe('the deadline of a connection', () => {
  it('of a first head counts from the beginning, whatever arrives of it', async () => {
    const { connection, hear } = stage()
    const first = connection.deadlineAt
    for (const part of ['GET ', '/ HTTP/1.1\r\n', 'host: a\r\n']) expect(await hear(part)).toBe(first)
  })

  it('of the next head counts from its first byte and not from its last', async () => {
    const { hear } = stage()
    const resting = await hear('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
    const reading = await hear('G')
    expect(reading).not.toBe(resting)
    for (const part of ['ET / ', 'HTTP/1.1\r\n', 'host: a\r\n']) expect(await hear(part)).toBe(reading)
  })

  it('of a body counts from its head, and is none when it is whole', async () => {
    const { hear } = stage()
    const reading = await hear('POST /work HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\na')
    expect(reading).toBeLessThan(Infinity)
    expect(await hear('b')).toBe(reading)
    expect(await hear('c')).toBe(Infinity)
  })

  it('is none while a request is worked on', async () => {
    expect(await stage().hear('GET /work HTTP/1.1\r\nhost: a\r\n\r\n')).toBe(Infinity)
  })
})

describe('a connection that has said its last', () => {
  it('reads no further request, and answers none', async () => {
    const socket = new MemorySocket()
    let requests = 0
    new Connection(socket as unknown as Socket, doorFor(() => requests++))
    socket.push(Buffer.from('GET / HTTP/0.1\r\n\r\n'))
    await settled()
    socket.push(Buffer.from('GET / HTTP/1.1\r\nhost: a\r\n\r\n'))
    await settled()
    expect([requests, socket.said.match(/HTTP\/1\.1 \d+/g)]).toEqual([0, ['HTTP/1.1 505']])
    socket.destroy()
  })
})
