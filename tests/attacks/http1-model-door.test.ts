import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensureProven } from '../journeys/installation.ts'
import { sharedInstallation } from '../journeys/shared.ts'
import { knownToGateway } from './gateway-config.ts'

const shared = sharedInstallation()
beforeAll(async () => void (await ensureProven(shared)))

const callsSeen = (): number => readFileSync(shared.upstream.record, 'utf8').split('\n').length

function dial(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: shared.ports.model, host: '127.0.0.1', noDelay: true })
    socket.on('error', reject).once('connect', () => resolve(socket))
  })
}

/** Says this to the model proxy, and listens until the proxy hangs up. */
async function say(text: string): Promise<string> {
  const socket = await dial()
  let heard = ''
  socket.on('data', (segment: Buffer) => (heard += segment.toString('latin1')))
  socket.write(text, 'latin1')
  await new Promise<void>((resolve) => socket.once('close', () => resolve()))
  return heard
}

/** A request of somebody who holds the gateway's own key. */
function request(...more: string[]): string {
  const { virtualKey } = knownToGateway(shared)
  const lines = ['POST /p/openai/v1/chat/completions HTTP/1.1', 'Host: localhost', `Authorization: Bearer ${virtualKey}`]
  return [...lines, 'Content-Type: application/json', ...more].join('\r\n')
}

const inner = 'GET /p/openai/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n'

describe('a request that two readers would cut differently', () => {
  it.each([
    ['length and coding', ['Content-Length: 6', 'Transfer-Encoding: chunked', '', `0\r\n\r\n${inner}`]],
    ['coding and length', ['Transfer-Encoding: chunked', 'Content-Length: 5', '', `0\r\n\r\n${inner}`]],
    ['two lengths', ['Content-Length: 0', `Content-Length: ${inner.length}`, '', inner]],
    ['a coding hidden by a space', ['Transfer-Encoding : chunked', '', `0\r\n\r\n${inner}`]],
    ['a coding hidden by a tab', ['Transfer-Encoding: \x0bchunked', '', `0\r\n\r\n${inner}`]],
    ['a coding behind a bare line feed', ['X: y\nTransfer-Encoding: chunked', '', `0\r\n\r\n${inner}`]],
    ['a folded coding', ['Transfer-Encoding:', ' chunked', '', `0\r\n\r\n${inner}`]],
    ['two codings', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity', '', `0\r\n\r\n${inner}`]],
    ['a signed length', ['Content-Length: +0', '', inner]],
    ['two hosts', ['Host: evil.example', 'Content-Length: 0', '', inner]],
  ])('by %s is refused whole, and nothing in it is answered', async (_name, more) => {
    const calls = callsSeen()
    const heard = await say(request(...more))
    expect(heard.match(/HTTP\/1\.1 \d+/g)).toHaveLength(1)
    expect(heard).toMatch(/^HTTP\/1\.1 (400|501) [^]*connection: close\r\n/)
    expect(callsSeen()).toBe(calls)
  })
})

describe('the door of the model proxy', () => {
  it('stays open for others under a thousand connections that never finish their request', async () => {
    const silent = await Promise.all(Array.from({ length: 1_000 }, dial))
    for (const socket of silent) {
      socket.on('error', () => socket.destroy())
      socket.write('POST /p/openai/v1/chat/completions HTTP/1.1\r\nHost: loc')
    }
    const heard = await say('GET /p/openai/v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    for (const socket of silent) socket.destroy()
    expect(heard).toMatch(/^HTTP\/1\.1 401 /)
  })
})
