import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { createHttp1Server } from './index.ts'

it('a client that asks to close and reads slowly gets the whole answer', async () => {
  const body = Buffer.alloc(24 * 1024 * 1024, 'a')
  const clock = { now: () => Date.now(), monotonicMs: () => performance.now() * 20 } // two seconds pass in a tenth
  const server = createHttp1Server({}, ({ reply }) => reply.whole(200, { 'content-type': 'text/plain' }, body), { clock })
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 })
  let got = 0
  const socket = connect(port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  socket.on('data', (segment) => {
    got += segment.length
    socket.pause()
    setTimeout(() => socket.resume(), 8)
  })
  await new Promise<void>((resolve) => socket.on('error', () => {}).on('close', () => resolve()))
  await server.close()
  expect(got).toBeGreaterThan(body.length)
})
