import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository, runToEnd, type Ended } from '../../journeys/command.ts'
import { until } from '../../journeys/wait.ts'

/**
 * A machine of the tests' own, as far as the kernel can tell: a network with a router that leads nowhere, and a `/run` of
 * its own with the sockets a usual server has. What is done to it is gone with its first process; the real machine's
 * rules, addresses and sockets are never touched.
 */
export interface Machine {
  root: string
  state: string
  config: string
  etc: string
  run(command: readonly string[], more?: { env?: Record<string, string>; input?: string; timeoutMs?: number }): Promise<Ended>
  hardshell(args: readonly string[], timeoutMs?: number): Promise<Ended>
  /** How a program is started there. */
  enter: readonly string[]
  /** All rules of the packet filter, without counts. */
  rules(): Promise<string>
  remove(): Promise<void>
}

export async function newMachine(name: string): Promise<Machine> {
  const root = mkdtempSync(join(tmpdir(), `hardshell-${name}-`))
  chmodSync(root, 0o711) // OpenClaw's user passes through
  for (const folder of ['config', 'etc', 'home', 'state', 'state/guard']) mkdirSync(join(root, folder), { mode: folder.endsWith('guard') ? 0o700 : 0o711 })
  writeFileSync(join(root, 'config/network.yaml'), 'egress:\n  listen: 127.0.0.1:18702\n')
  const first = await firstProcess()
  const enter = ['nsenter', `--target=${first.pid}`, '--mount', '--net', '--']
  const [state, config, etc] = ['state', 'config', 'etc'].map((folder) => join(root, folder)) as [string, string, string]
  const daemons: ChildProcess[] = []
  const machine: Machine = {
    root,
    state,
    config,
    etc,
    enter,
    run: (command, more = {}) => runToEnd(enter[0]!, [...enter.slice(1), ...command], { env: { HOME: join(root, 'home') }, ...more }),
    hardshell: (args, timeoutMs = 120_000) => machine.run([process.execPath, join(repository, 'src/cli/main.ts'), ...args, '--state', state], { timeoutMs }),
    rules: async () => (await machine.run(['nft', '-s', 'list', 'ruleset'])).out,
    async remove() {
      for (const process of [...daemons, first]) process.kill('SIGKILL')
      rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
  try {
    await furnish(machine)
    daemons.push(await start(machine, [process.execPath, '-e', localDaemons]))
    daemons.push(await start(machine, ['nsenter', '--net=/run/netns/router', process.execPath, '-e', metadataService]))
    return machine
  } catch (error) {
    await machine.remove()
    throw error
  }
}

async function firstProcess(): Promise<ChildProcess> {
  const first = spawn('unshare', ['--mount', '--net', '--propagation', 'private', '--kill-child', '--', 'sleep', 'infinity'], { stdio: 'ignore' })
  await new Promise<void>((resolve, reject) => first.once('spawn', resolve).once('error', reject))
  const own = readFileSync('/proc/self/net/dev', 'utf8')
  await until('namespaces of its own', 5000, () => readFileSync(`/proc/${first.pid}/net/dev`, 'utf8') !== own)
  return first
}

/** A default route to a router that takes everything and answers nothing; metadata services are at its place. */
async function furnish(machine: Machine): Promise<void> {
  const commands = [
    ['mount', '-t', 'tmpfs', 'tmpfs', '/run'],
    ['mkdir', '-p', '/run/netns', '/run/dbus'],
    ['ip', 'link', 'set', 'lo', 'up'],
    ['ip', 'netns', 'add', 'router'],
    ['ip', 'link', 'add', 'wan', 'type', 'veth', 'peer', 'name', 'lan', 'netns', 'router'],
    ['ip', 'addr', 'add', '198.51.100.2/24', 'dev', 'wan'],
    ['ip', 'addr', 'add', '2001:db8:ffff::2/64', 'nodad', 'dev', 'wan'],
    ['ip', 'link', 'set', 'wan', 'up'],
    ...[['198.51.100.1/24'], ['169.254.169.254/32'], ['2001:db8:ffff::1/64', 'nodad'], ['fd00:ec2::254/128', 'nodad']].map((address) => ['ip', '-n', 'router', 'addr', 'add', ...address, 'dev', 'lan']),
    ['ip', '-n', 'router', 'link', 'set', 'lan', 'up'],
    ['ip', 'route', 'add', 'default', 'via', '198.51.100.1'],
    ['ip', '-6', 'route', 'add', 'default', 'via', '2001:db8:ffff::1'],
    // As Debian and Fedora have it: every user may send pings.
    ['sysctl', '-q', '-w', 'net.ipv4.ping_group_range=0 2147483647'],
  ]
  for (const command of commands) {
    const { status, err } = await machine.run(command)
    if (status !== 0) throw new Error(`${command.join(' ')}: ${err}`)
  }
}

const localDaemons = `
const net = require('node:net'), fs = require('node:fs')
const listen = (path, rights) => new Promise((done) => net.createServer((s) => s.on('error', () => {})).listen(path, () => { if (rights) fs.chmodSync(path, rights); done() }))
;(async () => {
  await listen('/run/dbus/system_bus_socket', 0o666)
  await listen('/run/docker.sock', 0o666)
  await listen('\\0hardshell-test-' + process.pid)
  console.log('ready')
})()`

const metadataService = `require('node:net').createServer((s) => s.on('error', () => {})).listen(80, '::', () => console.log('ready'))`

/** What stands in for D-Bus, Docker, a program with an abstract socket and a cloud: they answer whoever is let through. */
async function start({ enter }: Machine, command: readonly string[]): Promise<ChildProcess> {
  const child = spawn(enter[0]!, [...enter.slice(1), ...command], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('exit', (status) => reject(new Error(`${command.join(' ').slice(0, 40)} ended with ${status}`)))
  })
  return child
}
