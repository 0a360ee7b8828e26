import { spawn, type ChildProcess } from 'node:child_process'
import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { HardshellError, type Listen } from '../base/index.ts'
import { enterCommand } from '../host/index.ts'
import type { Confinement } from './confinement.ts'
import { roomPaths } from './room.ts'

/** The guard's doors inside a network namespace, and the gateway's port outside it. */
export interface Relay {
  /** Opens the gateway's port to the guard. Not before it is known to be free. */
  openGatewayPort(): Promise<void>
  close(): Promise<void>
}

const relayTask = fileURLToPath(new URL(`./relay-task${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url))
// It starts a Node and opens three sockets: a second on a loaded machine.
const startTimeoutMs = 20_000
// Where a resolver asks when its configuration names no port (RFC 1035 section 4.2).
const dnsPort = 53

/**
 * Makes the doors reachable in the namespace under the addresses they have outside, so that the gateway's configuration
 * is the same with and without it. The sockets are the namespace's, the bytes are moved by this process.
 *
 * @param node a Node that root can run
 * @throws HardshellError `isolation.verification-failed` when it cannot be set up
 */
export async function openRelay(confinement: Confinement, node: string): Promise<Relay> {
  const child = startInside(confinement.name, node)
  try {
    const { model, egress, dns } = confinement.doors
    const joined = new Set<Socket>()
    const join = joiner(joined)
    await answered(child, 'ready', null)
    const servers = [await door(child, model.port, model, join), await door(child, egress.port, egress, join)]
    const names = dns === null ? null : await udpDoor(child, dns)
    if (dns !== null) servers.push(await door(child, dnsPort, dns, join))
    const gateway = gatewayPort(child, confinement.gatewayPort, join)
    return {
      openGatewayPort: () => listenOn(gateway, confinement.gatewayPort),
      async close() {
        names?.close()
        child.kill('SIGKILL')
        const ended = [gateway, ...servers].map((server) => new Promise((resolve) => server.close(resolve)))
        for (const socket of joined) socket.destroy()
        await Promise.all(ended)
      },
    }
  } catch (cause) {
    child.kill('SIGKILL')
    throw new HardshellError('isolation.verification-failed', `the guard's doors cannot be opened inside the namespace: ${(cause as Error).message}`, { hint: 'hardshell isolate status', cause })
  }
}

function startInside(name: string, node: string): ChildProcess {
  const [program, ...enter] = enterCommand({ netns: roomPaths(name).netns })
  return spawn(program!, [...enter, node, relayTask], { cwd: '/', env: { PATH: '/usr/bin:/bin' }, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
}

/** Waits for the child's word of that kind, with the socket it carries. */
async function answered(child: ChildProcess, word: string, value: number | null): Promise<unknown> {
  return await new Promise((resolve, reject) => {
    const done = (act: () => void): void => {
      clearTimeout(timer)
      child.off('message', hear)
      child.off('exit', ended)
      act()
    }
    const hear = (message: Record<string, unknown>, socket: unknown): void => {
      if ('failed' in message && message['failed'] === value) done(() => reject(new Error(String(message['message']))))
      else if (word in message && (value === null || message[word] === value)) done(() => resolve(socket))
    }
    const ended = (status: number | null): void => done(() => reject(new Error(`its helper ended with ${status}`)))
    const timer = setTimeout(() => done(() => reject(new Error(`no ${word} within ${startTimeoutMs} ms`))), startTimeoutMs)
    child.on('message', hear)
    child.once('exit', ended)
    child.once('error', (error) => done(() => reject(error)))
  })
}

async function door(child: ChildProcess, port: number, to: Listen, join: Join): Promise<Server> {
  const listening = answered(child, 'listening', port)
  child.send({ listen: port })
  const server = (await listening) as Server
  server.on('connection', (inside: Socket) => join(inside, connect({ port: to.port, host: to.host })))
  return server
}

type Join = (a: Socket, b: Socket) => void

/** What one hears the other says, both ways, until both have ended. @param joined is told which are open */
function joiner(joined: Set<Socket>): Join {
  return (a, b) => {
    for (const [from, to] of [[a, b], [b, a]] as const) {
      joined.add(from)
      from.once('close', () => joined.delete(from))
      pipeline(from, to, (error) => error && from.destroy())
    }
    a.resume()
  }
}

// A resolver gives up after five seconds by itself (resolv.conf(5)).
const answerTimeoutMs = 10_000
// A confined program can send without end: what is under way at once is bounded, the rest is dropped as UDP may be.
const maxQuestions = 512

async function udpDoor(child: ChildProcess, to: Listen): Promise<UdpSocket> {
  const bound = answered(child, 'bound', dnsPort)
  child.send({ bind: dnsPort })
  const inside = (await bound) as UdpSocket
  let open = 0
  inside.on('message', (question, from) => {
    if (open >= maxQuestions) return
    open++
    const outside = createSocket('udp4')
    const end = (): void => {
      clearTimeout(timer)
      outside.close()
      open--
    }
    const timer = setTimeout(end, answerTimeoutMs)
    outside.once('error', end)
    outside.once('message', (answer) => {
      inside.send(answer, from.port, from.address, () => undefined)
      end()
    })
    outside.send(question, to.port, to.host, () => undefined)
  })
  inside.on('error', () => undefined) // one answer that could not be sent
  return inside
}

/** Outside, the gateway's port: each connection gets one inside, made there and handed over. */
function gatewayPort(child: ChildProcess, port: number, join: Join): Server {
  const waiting = new Map<number, Socket>()
  let lastId = 0
  child.on('message', (message: { connected?: number; refused?: number }, inside: unknown) => {
    const id = message.connected ?? message.refused
    const outside = id === undefined ? undefined : waiting.get(id)
    if (id === undefined || outside === undefined) return
    waiting.delete(id)
    if (inside === undefined || inside === null) outside.destroy()
    else join(outside, inside as Socket)
  })
  return createServer({ pauseOnConnect: true }, (outside) => {
    outside.on('error', () => outside.destroy())
    if (!child.connected) return void outside.destroy()
    const id = ++lastId
    waiting.set(id, outside)
    child.send({ connect: port, id })
  })
}

async function listenOn(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}
