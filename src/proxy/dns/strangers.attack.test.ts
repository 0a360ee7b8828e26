import { createSocket, type Socket } from 'node:dgram'
import { connect } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { address, answerTo, fakeResolver, question, stage } from './stage.fixture.ts'

const open: { close(): Promise<void> | void }[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  open.push({ close: () => void socket.close() })
  return socket
}

it('a stranger gets no answer, by no transport, uses up nothing, and is told of once', async () => {
  const resolver = await fakeResolver((packet) => answerTo(packet, [address('good.example', '93.184.216.34')]))
  open.push(resolver)
  const ours = await bound()
  const theirs = await bound()
  const asked: string[] = []
  const isStranger = ({ port, transport }: { port: number; transport: 'udp' | 'tcp' }): boolean => (asked.push(transport), port !== ours.address().port)
  // One question a second: a stranger's would take the place of ours.
  const { at, entries, close, filter } = await stage([resolver.at], { queriesPerSecond: 1 }, { isStranger })
  open.push({ close })
  for (let i = 0; i < 5; i++) theirs.send(question('good.example'), at.port, at.host)
  theirs.on('message', () => asked.push('answered'))
  const tcp = connect(at.port, at.host, () => tcp.write(Buffer.concat([Buffer.from([0, question('good.example').length]), question('good.example')])))
  const said = await new Promise<number>((resolve) => tcp.on('data', (reply) => resolve(reply.length)).on('close', () => resolve(0)).on('error', () => undefined))
  expect(said).toBe(0)
  const answer = new Promise((resolve) => ours.once('message', resolve))
  ours.send(question('good.example'), at.port, at.host)
  expect(await answer).toBeInstanceOf(Buffer)
  expect(asked.toSorted()).toEqual(['tcp', 'udp', 'udp', 'udp', 'udp', 'udp', 'udp'])
  expect(filter.counts().dropped).toBe(6)
  expect(entries.filter(({ rule }) => rule === 'dns.stranger')).toHaveLength(1)
})
