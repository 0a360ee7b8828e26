import { spawn, type ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { readdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { HardshellError, nonce } from '../base/index.ts'
import { findProgram, mustRun, netnsPath, type RunProgram } from '../host/index.ts'
import type { Outside } from './attempts/attempt.ts'

/** A machine of ours at the end of a cable of ours, that hears whatever arrives. Nobody else can be reached there. */
export interface Witness {
  outside: Outside
  v4: string
  v6: string
  /** Did anything arrive, by whatever protocol, that carried this? */
  heard(nonce: string): boolean
  close(): Promise<void>
}

const prefix = 'hsout'
// Where attempts knock: DNS, HTTP, HTTPS, DNS over TLS.
const tcpPorts = [53, 80, 443, 853]
const udpPorts = [53, 443, 9999]

/**
 * Makes a network namespace with one end of a veth pair, in addresses kept for documentation (RFC 5737, RFC 3849), and
 * listens there: at the ports by Node, and to every frame by Python where it is installed. Closing removes all of it.
 *
 * @returns `null` where it cannot be made (not root, no iproute2), or where not even root gets a packet to it
 */
export async function openWitness(run: RunProgram, node: string): Promise<Witness | null> {
  if (process.getuid?.() !== 0 || findProgram('ip') === null) return null
  await removeLeftovers(run)
  const tag = nonce().slice(0, 4)
  const name = `${prefix}-${process.pid}-${tag}`
  const block = Number.parseInt(tag.slice(0, 2), 16) & 0xfc // one of the 64 /30 of 192.0.2.0/24
  const [own4, v4, broadcast4] = [1, 2, 3].map((host) => `192.0.2.${block + host}`) as [string, string, string]
  const [own6, v6] = [1, 2].map((host) => `2001:db8:${tag}::${host}`) as [string, string]
  const outside: Outside = { own4, own6, broadcast4, interface: `${prefix}${tag}` }
  const heard = new Set<string>()
  const children: ChildProcess[] = []
  const close = async (): Promise<void> => {
    for (const child of children) child.kill('SIGKILL')
    await run(['ip', 'link', 'del', outside.interface])
    await run(['ip', 'netns', 'del', name])
  }
  try {
    for (const command of cable(name, outside, v4, v6)) await mustRun(run, command)
    for (const listener of listeners(node)) children.push(await startInside(name, listener, (word) => heard.add(word)))
    const witness: Witness = { outside, v4, v6, heard: (word) => heard.has(word), close }
    if (await reaches(witness)) return witness
    await close()
    return null
  } catch (cause) {
    await close()
    throw new HardshellError('isolation.verification-failed', `no outside to aim at could be made: ${(cause as Error).message}`, { cause })
  }
}

function cable(name: string, outside: Outside, v4: string, v6: string): string[][] {
  const far = `${outside.interface}x`
  const inside = (...command: string[]): string[] => ['nsenter', `--net=${netnsPath(name)}`, 'ip', ...command]
  return [
    ['ip', 'netns', 'add', name],
    ['ip', 'link', 'add', outside.interface, 'type', 'veth', 'peer', 'name', far, 'netns', name],
    ['ip', 'addr', 'add', `${outside.own4}/30`, 'broadcast', outside.broadcast4, 'dev', outside.interface],
    ['ip', 'addr', 'add', `${outside.own6}/64`, 'nodad', 'dev', outside.interface],
    ['ip', 'link', 'set', outside.interface, 'up'],
    inside('addr', 'add', `${v4}/30`, 'broadcast', outside.broadcast4, 'dev', far),
    inside('addr', 'add', `${v6}/64`, 'nodad', 'dev', far),
    inside('link', 'set', far, 'up'),
    inside('link', 'set', 'lo', 'up'),
  ]
}

// At every place: a checksum in front of the word may end in what looks like a part of it.
const listenByNode = `
const net = require('node:net'), dgram = require('node:dgram')
const note = (chunk) => { for (const [, word] of chunk.toString('latin1').matchAll(/(?=([0-9a-f]{32}))/g)) console.log(word) }
let open = ${tcpPorts.length} + 2 * ${udpPorts.length}
const ready = () => { if (--open === 0) console.log('ready') }
for (const port of ${JSON.stringify(tcpPorts)}) net.createServer((s) => { s.on('data', note); s.on('error', () => {}) }).listen(port, '::', ready)
for (const port of ${JSON.stringify(udpPorts)}) for (const type of ['udp4', 'udp6']) {
  const s = dgram.createSocket({ type, ipv6Only: type === 'udp6' })
  s.on('message', note)
  s.bind(port, ready)
}
process.stdout.on('error', () => process.exit(0))`

const listenToFrames = `
import re, socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
print('ready', flush=True)
while True:
    for word in re.findall(rb'(?=([0-9a-f]{32}))', s.recv(65536)): print(word.decode(), flush=True)`

function listeners(node: string): string[][] {
  const python = pythonHere()
  return [[node, '-e', listenByNode], ...(python === null ? [] : [[python, '-c', listenToFrames]])]
}

/** A Python that every user can run, or `null`. */
export function pythonHere(): string | null {
  return ['/usr/bin/python3', '/usr/local/bin/python3'].find((path) => findProgram(path) !== null) ?? null
}

// A Node that starts while everything else on the machine does.
const startTimeoutMs = 20_000

async function startInside(name: string, command: readonly string[], onWord: (word: string) => void): Promise<ChildProcess> {
  const child = spawn('nsenter', [`--net=${netnsPath(name)}`, ...command], { cwd: '/', env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }, stdio: ['ignore', 'pipe', 'ignore'] })
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => (child.kill('SIGKILL'), reject(new Error('its listener does not start'))), startTimeoutMs)
    child.once('error', reject)
    child.once('exit', (status) => reject(new Error(`its listener ended with ${status}`)))
    createInterface(child.stdout).on('line', (word) => {
      if (word !== 'ready') return onWord(word)
      clearTimeout(timer)
      resolve()
    })
  })
  return child
}

/** The control: what root sends arrives. Else a refusal would prove nothing. */
async function reaches(witness: Witness): Promise<boolean> {
  const word = nonce()
  for (let i = 0; i < 20 && !witness.heard(word); i++) {
    const socket = createSocket('udp4')
    await new Promise((resolve) => socket.send(word, 9999, witness.v4, resolve))
    socket.close()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return witness.heard(word)
}

/** A verification that was killed leaves its namespace; the next one of them takes it away. */
async function removeLeftovers(run: RunProgram): Promise<void> {
  const names = (await run(['ip', 'netns', 'list'])).out.split('\n').flatMap((line) => /^(hsout-(\d+)-\S+)/.exec(line) ?? [])
  const alive = new Set(readdirSync('/proc'))
  for (let i = 0; i < names.length; i += 3) if (!alive.has(names[i + 2]!)) await run(['ip', 'netns', 'del', names[i + 1]!])
}
