import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { repository, runToEnd, type Ended } from '../journeys/command.ts'
import { pause, until } from '../journeys/wait.ts'
import { newMachine, type Machine } from './escapes/machine.ts'

// The router of this machine stands for the world: the operator comes from one of its addresses, somebody else from another.
const operator = '198.51.100.1'
const stranger = '198.51.100.9'
const operator6 = '2001:db8:ffff::1'
const here = '198.51.100.2'
const here6 = '2001:db8:ffff::2'
const program = join(repository, 'src/cli/main.ts')
const overSsh = { SSH_CONNECTION: `${operator} 50000 ${here} 22` }

let machine: Machine
const servers: ChildProcess[] = []

beforeAll(async () => {
  machine = await newMachine('lockdown')
  await machine.run(['ip', '-n', 'router', 'addr', 'add', `${stranger}/24`, 'dev', 'lan'])
  // What stands for sshd, and for anything else that listens. It says a word to whoever comes through.
  for (const port of [22, 8080]) servers.push(await server(machine.enter, port))
  servers.push(await server([...machine.enter, 'nsenter', '--net=/run/netns/router'], 443))
})
afterEach(async () => void (await machine.hardshell(['lockdown', 'lift'])))
afterAll(async () => {
  for (const child of servers) child.kill('SIGKILL')
  await machine?.remove()
})

async function server(enter: readonly string[], port: number): Promise<ChildProcess> {
  const program = `require('node:net').createServer((s) => { s.on('error', () => {}); s.write('hello'); s.on('data', (d) => s.write(d)) }).listen(${port}, '::', () => console.log('ready'))`
  const child = spawn(enter[0]!, [...enter.slice(1), process.execPath, '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  return child
}

/** `hello` when the server over there was reached and answered. */
async function knock(from: 'machine' | 'world', to: string, port: number, more: { source?: string; sourcePort?: number } = {}): Promise<string> {
  const options = { host: to, port, localAddress: more.source, localPort: more.sourcePort }
  const program = `const s = require('node:net').connect(${JSON.stringify(options)}); s.setTimeout(1500, () => { console.log('silence'); s.destroy() }); s.on('data', (d) => { console.log(String(d)); s.destroy() }); s.on('error', (e) => console.log(e.code))`
  const { out } = await machine.run([...(from === 'world' ? ['nsenter', '--net=/run/netns/router'] : []), process.execPath, '-e', program])
  return out.trim()
}

async function lockdown(args: readonly string[], env: Record<string, string> = overSsh): Promise<Ended> {
  return await machine.run([process.execPath, program, 'lockdown', ...args, '--state', machine.state], { env: { PATH: process.env['PATH']!, ...env } })
}

async function state(): Promise<{ state: string; leftS: number | null; refused: { name: string; packets: number }[] }> {
  return JSON.parse((await lockdown(['status', '--json'])).out) as Awaited<ReturnType<typeof state>>
}

describe('a lockdown of the network', () => {
  it('leaves the operator on SSH and loopback, and nobody and nothing else, in both directions and both protocols', async () => {
    const open = [await knock('world', here, 8080), await knock('world', here, 22, { source: stranger }), await knock('machine', operator, 443), await knock('world', here6, 8080), await knock('machine', operator6, 443)]
    expect(open).toEqual(Array(5).fill('hello'))

    expect(await lockdown([])).toMatchObject({ status: 0, out: expect.stringContaining(`SSH on port 22 from ${operator}`), err: expect.stringContaining('lockdown confirm') })
    expect(await knock('world', here, 22, { source: operator })).toBe('hello')
    expect(await knock('machine', '127.0.0.1', 8080)).toBe('hello')
    expect(await knock('machine', '::1', 8080)).toBe('hello')

    expect(await knock('world', here, 8080, { source: operator }), 'another port').toBe('silence')
    expect(await knock('world', here, 22, { source: stranger }), 'another address').toBe('silence')
    expect(await knock('world', here6, 22), 'an address nobody named').toBe('silence')
    expect(await knock('machine', operator, 443)).toBe('ECONNREFUSED')
    expect(await knock('machine', operator6, 443)).toBe('ECONNREFUSED')
    const dig = await machine.run(['dig', '+time=1', '+tries=1', `@${operator}`, 'example.com'])
    expect(dig.out + dig.err).toMatch(/refused|unreachable|no servers/i)
    expect((await state()).refused.find(({ name }) => name === 'refused_in')?.packets).toBeGreaterThan(0)
  })

  it('does not let a program out that takes the port of sshd for its own', async () => {
    await machine.run(['ip', 'addr', 'add', '198.51.100.3/24', 'dev', 'wan'])
    const asSshd = { source: '198.51.100.3', sourcePort: 2222 }
    const keep = { SSH_CONNECTION: `${operator} 50000 198.51.100.3 2222` }
    expect(await knock('machine', operator, 443, asSshd), 'before').toBe('hello')
    expect(await lockdown([], keep)).toMatchObject({ status: 0 })
    expect(await knock('machine', operator, 443, asSshd)).toBe('ECONNREFUSED')
  })

  it('leaves the session that is open already, whoever of the two speaks first after the rules came', async () => {
    // The kernel begins to follow connections with the first rule that asks for it: it takes the first packet it sees
    // for the beginning, and that one comes from sshd.
    const talker = spawn(machine.enter[0]!, [...machine.enter.slice(1), process.execPath, '-e', `require('node:net').createServer((s) => { s.on('error', () => {}); setInterval(() => s.write('x'), 50) }).listen(2022, '::', () => console.log('ready'))`], { stdio: ['ignore', 'pipe', 'inherit'] })
    servers.push(talker)
    await new Promise((resolve) => talker.stdout.once('data', resolve))
    const program = `const s = require('node:net').connect({ host: '${here}', port: 2022, localAddress: '${operator}' }); let n = 0; s.on('connect', () => console.log('port', s.localPort)); s.on('data', () => n++); s.on('error', () => {}); setInterval(() => console.log('heard', n), 300)`
    const client = spawn(machine.enter[0]!, [...machine.enter.slice(1), 'nsenter', '--net=/run/netns/router', process.execPath, '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
    servers.push(client)
    let said = ''
    client.stdout.on('data', (text) => (said += String(text)))
    const heard = (): number => Number(/heard (\d+)\s*$/.exec(said)?.[1] ?? 0)
    await until('a session', 10_000, () => heard() > 5)
    await machine.run(['nft', 'flush', 'ruleset'])
    const port = /port (\d+)/.exec(said)![1]!
    expect(await lockdown([], { SSH_CONNECTION: `${operator} ${port} ${here} 2022` })).toMatchObject({ status: 0 })
    const then = heard()
    await pause(2000)
    expect(heard()).toBeGreaterThan(then + 10)
  })

  it('cuts what is open already', async () => {
    const program = `const s = require('node:net').connect(443, '${operator}'); let n = 0; s.on('data', () => n++); s.on('error', () => {}); setInterval(() => s.write('still here'), 100); setInterval(() => console.log(n), 500)`
    const talker = spawn(machine.enter[0]!, [...machine.enter.slice(1), process.execPath, '-e', program], { stdio: ['ignore', 'pipe', 'ignore'] })
    let heard = 0
    talker.stdout.on('data', (text) => (heard = Number(String(text).trim().split('\n').at(-1))))
    try {
      await until('a conversation', 10_000, () => heard > 3)
      await lockdown([])
      await pause(1200)
      const then = heard
      await pause(1500)
      expect(heard).toBe(then)
    } finally {
      talker.kill('SIGKILL')
    }
  })

  it('stops what goes through this machine, as the traffic of its containers does', async () => {
    const behind = [
      ['ip', 'netns', 'add', 'guest'],
      ['ip', 'link', 'add', 'inner', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', 'guest'],
      ['ip', 'addr', 'add', '203.0.113.1/24', 'dev', 'inner'],
      ['ip', 'link', 'set', 'inner', 'up'],
      ['ip', '-n', 'guest', 'addr', 'add', '203.0.113.2/24', 'dev', 'eth0'],
      ['ip', '-n', 'guest', 'link', 'set', 'eth0', 'up'],
      ['ip', '-n', 'guest', 'route', 'add', 'default', 'via', '203.0.113.1'],
      ['ip', '-n', 'router', 'route', 'add', '203.0.113.0/24', 'via', here],
      ['sysctl', '-q', '-w', 'net.ipv4.ip_forward=1'],
    ]
    for (const command of behind) expect(await machine.run(command), command.join(' ')).toMatchObject({ status: 0 })
    const program = `const s = require('node:net').connect(443, '${operator}'); s.setTimeout(1500, () => { console.log('silence'); s.destroy() }); s.on('data', (d) => { console.log(String(d)); s.destroy() }); s.on('error', (e) => console.log(e.code))`
    const asGuest = async (): Promise<string> => (await machine.run(['nsenter', '--net=/run/netns/guest', process.execPath, '-e', program])).out.trim()
    expect(await asGuest()).toBe('hello')
    await lockdown([])
    expect(await asGuest()).toBe('silence')
    expect((await state()).refused.find(({ name }) => name === 'refused_through')?.packets).toBeGreaterThan(0)
  })

  it('opens by itself when nobody confirms, stays when somebody does, and lifting leaves nothing behind', async () => {
    const before = await machine.rules()
    expect(await lockdown(['--within', '2s'])).toMatchObject({ status: 0 })
    expect(await knock('world', here, 8080)).toBe('silence')
    await until('the kernel to open it', 10_000, async () => (await knock('world', here, 8080)) === 'hello')
    expect((await lockdown(['status'])).status).toBe(1)
    expect(await lockdown(['confirm'])).toMatchObject({ status: 1, err: expect.stringContaining('the network is open') })

    await lockdown(['--within', '3s'])
    expect(await lockdown(['confirm'])).toMatchObject({ status: 0 })
    await pause(4000)
    expect(await knock('world', here, 8080)).toBe('silence')
    expect(await state()).toMatchObject({ state: 'closed', leftS: null })
    expect(await lockdown(['confirm', '--for', '1h'])).toMatchObject({ status: 0 })
    expect((await state()).leftS).toBeGreaterThan(3000)

    expect(await lockdown(['lift'])).toMatchObject({ status: 0, out: expect.stringContaining('open again') })
    expect(await machine.rules()).toBe(before)
    expect(await lockdown(['lift'])).toMatchObject({ status: 0, out: expect.stringContaining('nothing was done') })
    const log = await machine.hardshell(['audit', 'search', 'lockdown', '--json'])
    for (const rule of ['lockdown.closed', 'lockdown.confirmed', 'lockdown.lifted']) expect(log.out).toContain(rule)
  })

  it('keeps the networks it is told, over v6 too, and refuses what would keep everybody or lock the operator out', async () => {
    expect(await lockdown(['--keep', `${operator}/24`, '--keep', '2001:db8:ffff::/64'])).toMatchObject({ status: 0 })
    expect(await knock('world', here, 22, { source: stranger })).toBe('hello')
    expect(await knock('world', here6, 22)).toBe('hello')
    await lockdown(['lift'])
    for (const bad of ['0.0.0.0/0', '::/0', '10.1', 'example.com', '198.51.100.1/33', '1.2.3.4; drop']) {
      expect(await lockdown(['--keep', bad]), bad).toMatchObject({ status: 2, err: expect.stringContaining('is not an address or a network') })
    }
    expect(await lockdown(['--no-timer'])).toMatchObject({ status: 2, err: expect.stringContaining('over SSH') })
    expect((await lockdown(['status'])).status, 'nothing of it was loaded').toBe(1)
    expect(await lockdown(['--dry-run'])).toMatchObject({ status: 0, out: expect.stringContaining('hook output') })
    expect((await lockdown(['status'])).status).toBe(1)
  })

  it('is for root', async () => {
    const nobody = await runToEnd('setpriv', ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--', process.execPath, program, 'lockdown', '--state', '/tmp/nobody-has-this'])
    expect(nobody).toMatchObject({ status: 5, err: expect.stringContaining('sudo ./hardshell lockdown') })
  })
})
