import { connect, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { chatBody, keys, openUpstream, openWorld, providerAt, until } from './fakes.test.kit.ts'
import { HeldBodies } from './held-bodies.ts'

it('what a call took is there again when it is over, and once only', () => {
  const held = new HeldBodies(10)
  const [one, other] = [{ heldBytes: 0 }, { heldBytes: 0 }]
  expect([held.take(one, 6), held.take(other, 6), other.heldBytes]).toEqual([true, false, 0])
  held.giveBack(one)
  held.giveBack(one)
  expect([held.take(other, 10), held.take(one, 1)]).toEqual([true, false])
})

it('bodies that were begun and never ended fill their share of memory and no more; when they are gone, calls go on', async () => {
  const upstream = await openUpstream((reply) => void reply.writeHead(200, { 'content-type': 'application/json' }).end('{}'))
  const world = await openWorld([providerAt(upstream.url, 'openai-chat')], { options: { maxHeldBytes: 300_000 } })
  const { hostname, port } = new URL(world.url)
  const begin = (): { socket: Socket; said: () => string } => {
    let said = ''
    const socket = connect(Number(port), hostname).on('data', (bytes) => (said += bytes.toString())).on('error', () => {})
    socket.write(`POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${keys.plain}\r\nContent-Length: 1000000\r\n\r\n`)
    socket.write(Buffer.alloc(200_000, 32))
    return { socket, said: () => said }
  }
  const begun = [begin(), begin()]
  await until(() => begun.some(({ said }) => said().includes('limits.memory')), 'one of them is refused')
  expect(begun.filter(({ said }) => said().startsWith('HTTP/1.1 429')).length).toBe(1)
  for (const { socket } of begun) socket.destroy()
  await until(() => world.proxy.active().length === 0, 'both are over')
  const request = { method: 'POST', headers: { authorization: `Bearer ${keys.plain}` }, body: chatBody({ pad: ' '.repeat(200_000) }) }
  for (let round = 0; round < 3; round++) {
    const reply = await fetch(`${world.url}/v1/chat/completions`, request)
    expect([reply.status, await reply.text()]).toEqual([200, '{}'])
  }
  await world.proxy.close()
  await upstream.close()
})
