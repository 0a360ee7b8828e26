import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repository, runToEnd, type Ended } from './command.ts'
import { until } from './wait.ts'

// Debian: iproute2, wireguard-tools, wireguard-go. Two namespaces of their own: nothing of the machine is touched.
const noWireguard = process.getuid?.() !== 0 || ['/usr/sbin/ip', '/usr/bin/wg', '/usr/bin/wireguard-go'].some((path) => !existsSync(path))
const id = String(process.pid)
const [here, there] = [`hsA${id}`, `hsB${id}`]
const [wgHere, wgThere] = [`wga${id}`.slice(0, 15), `wgb${id}`.slice(0, 15)]
const root = mkdtempSync(join(tmpdir(), 'hardshell-vpn-'))
const children: ChildProcess[] = []

const inside = (netns: string, ...command: string[]): Promise<Ended> => runToEnd('nsenter', [`--net=/run/netns/${netns}`, ...command])
async function must(...command: string[]): Promise<string> {
  const { status, out, err } = await runToEnd(command[0]!, command.slice(1))
  if (status !== 0) throw new Error(`${command.join(' ')}: ${err}`)
  return out.trim()
}

/** Both ends of a tunnel over a pair of virtual cables: 10.77.0.0/24 outside, 10.88.0.0/24 inside it. */
async function raiseTunnel(): Promise<void> {
  for (const netns of [here, there]) await must('ip', 'netns', 'add', netns)
  await must('ip', 'link', 'add', `va${id}`, 'type', 'veth', 'peer', 'name', `vb${id}`)
  for (const [netns, link, address] of [[here, `va${id}`, '10.77.0.1/24'], [there, `vb${id}`, '10.77.0.2/24']] as const) {
    await must('ip', 'link', 'set', link, 'netns', netns)
    await must('ip', '-n', netns, 'addr', 'add', address, 'dev', link)
    for (const name of ['lo', link]) await must('ip', '-n', netns, 'link', 'set', name, 'up')
  }
  const keys: Record<string, { secret: string; open: string }> = {}
  for (const netns of [here, there]) {
    const secret = await must('wg', 'genkey')
    writeFileSync(join(root, `${netns}.key`), secret, { mode: 0o600 })
    keys[netns] = { secret, open: (await runToEnd('wg', ['pubkey'], { input: secret })).out.trim() }
  }
  for (const [netns, name, port, peer, endpoint, address] of [
    [here, wgHere, '51821', there, '10.77.0.2:51822', '10.88.0.1/24'],
    [there, wgThere, '51822', here, '10.77.0.1:51821', '10.88.0.2/24'],
  ] as const) {
    children.push(spawn('nsenter', [`--net=/run/netns/${netns}`, 'wireguard-go', '-f', name], { stdio: 'ignore' }))
    await until(`the interface ${name}`, 20_000, async () => (await inside(netns, 'ip', 'link', 'show', name)).status === 0 && existsSync(`/var/run/wireguard/${name}.sock`))
    await must('nsenter', `--net=/run/netns/${netns}`, 'wg', 'set', name, 'listen-port', port, 'private-key', join(root, `${netns}.key`), 'peer', keys[peer]!.open, 'endpoint', endpoint, 'allowed-ips', '10.88.0.0/24', 'persistent-keepalive', '1')
    await must('ip', '-n', netns, 'addr', 'add', address, 'dev', name)
    await must('ip', '-n', netns, 'link', 'set', name, 'up')
  }
}

const routes = ['10.88.0.2']
/** The watch of a guard, asked once, in the namespace. */
const look = `
import { createVpnWatch } from '${repository}/src/guard/vpn-watch.ts'
const watch = createVpnWatch({ require_vpn: JSON.parse(process.argv[1]) })
console.log(JSON.stringify({ verdict: await watch.check(), closed: watch.closedBy() }))
`
async function watch(more: object = {}): Promise<{ verdict: { up: boolean; reason?: string; detail?: string }; closed: { rule: string } | null }> {
  const wanted = { kind: 'wireguard', interface: wgHere, max_handshake_age: 60_000, routes, check_every: 1000, ...more }
  const { out, err } = await inside(here, process.execPath, '--input-type=module', '-e', look, JSON.stringify(wanted))
  if (out === '') throw new Error(err)
  return JSON.parse(out) as never
}

describe.skipIf(noWireguard)('a WireGuard tunnel between two namespaces', () => {
  beforeAll(async () => {
    await raiseTunnel()
    await until('a handshake', 30_000, async () => (await watch()).verdict.up)
  })
  afterAll(async () => {
    for (const child of children) child.kill('SIGTERM')
    for (const netns of [here, there]) await runToEnd('ip', ['netns', 'del', netns])
    rmSync(root, { recursive: true, force: true })
  })

  it('is up, with its peer live and the internal host routed through it', async () => {
    expect(await watch()).toMatchObject({ verdict: { up: true, detail: expect.stringContaining(`${wgHere} (wireguard) is up, 1 of 1 peers live; 10.88.0.2 through it`) }, closed: null })
  })

  it('does not count for a host that is reached past it, or that no peer takes', async () => {
    expect(await watch({ routes: ['10.77.0.2'] })).toMatchObject({ verdict: { up: false, reason: expect.stringContaining(`reached through va${id}, not through ${wgHere}`) }, closed: { rule: 'vpn.down' } })
    await must('ip', '-n', here, 'route', 'add', '10.99.0.0/24', 'dev', wgHere)
    expect((await watch({ routes: ['10.99.0.1'] })).verdict).toMatchObject({ up: false, reason: expect.stringContaining('no live peer') })
  })

  it('is shown by network test as the way to an internal service', async () => {
    const server = spawn('nsenter', [`--net=/run/netns/${there}`, process.execPath, '-e', "require('http').createServer((_, r) => r.end('hi')).listen(8080, '10.88.0.2', () => console.log('up'))"], { stdio: ['ignore', 'pipe', 'ignore'] })
    children.push(server)
    await new Promise((resolve) => server.stdout.once('data', resolve))
    const config = join(root, 'config')
    mkdirSync(config, { mode: 0o700 })
    writeFileSync(join(config, 'network.yaml'), 'egress:\n  allowed_hosts: ["10.88.0.2:8080"]\n  allow_private: ["10.88.0.0/24"]\n', { mode: 0o600 })
    const { status, out } = await inside(here, process.execPath, join(repository, 'src/cli/main.ts'), 'network', 'test', '--endpoint', 'http://10.88.0.2:8080/', '--head', '--json', '--state', join(root, 'none'), '--config', config)
    const { steps } = JSON.parse(out) as { steps: { step: string; ok: boolean | null; detail: string; facts?: object }[] }
    expect(steps.find(({ step }) => step === 'route')).toMatchObject({ ok: true, detail: expect.stringContaining('wireguard tunnel, last handshake'), facts: { interface: wgHere, vpn: true } })
    expect([status, steps.find(({ step }) => step === 'http')?.ok]).toEqual([0, true])
  })

  it('that is missing keeps a guard from starting OpenClaw', async () => {
    const config = join(root, 'guard-config')
    mkdirSync(config, { mode: 0o700 })
    writeFileSync(join(config, 'network.yaml'), 'require_vpn:\n  kind: wireguard\n  interface: wg-missing\n', { mode: 0o600 })
    const { status, out } = await inside(here, process.execPath, join(repository, 'src/cli/main.ts'), 'start', '--once', '--json', '--state', join(root, 'state'), '--config', config)
    expect(status).toBe(5)
    expect(out).toContain('guard.vpn-down')
    expect(existsSync(join(root, 'state/guard/gateway.out')), 'OpenClaw was not started').toBe(false)
  })

  it('is down as soon as its interface is, and after its peer fell silent', async () => {
    await must('ip', '-n', here, 'link', 'set', wgHere, 'down')
    expect((await watch()).verdict).toMatchObject({ up: false, reason: `${wgHere}: the interface is down` })
    await must('ip', '-n', here, 'link', 'set', wgHere, 'up')
    // The peer's program ends; its last handshake only grows older.
    children[1]!.kill('SIGKILL')
    await until('a silent peer to be noticed', 20_000, async () => !(await watch({ max_handshake_age: 1000 })).verdict.up)
    expect((await watch({ max_handshake_age: 1000 })).verdict).toMatchObject({ up: false, reason: expect.stringContaining('no peer was heard of') })
  })
})

describe('a machine without the tunnel that is required', () => {
  it('answers no, whatever is installed', async () => {
    const { createVpnWatch } = await import('../../src/guard/vpn-watch.ts')
    const watched = createVpnWatch({ require_vpn: { kind: 'wireguard', interface: 'hs-missing', max_handshake_age: 180_000, routes: [], check_every: 5000 } })!
    expect(await watched.check()).toMatchObject({ up: false, reason: expect.stringContaining('there is no WireGuard tunnel on hs-missing') })
  })
})
