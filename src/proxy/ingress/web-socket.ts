import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { refuse, type Call, type Surroundings, type Turnout } from './call.ts'
import { logDecision } from './closing.ts'
import { openGateway } from './gateway-socket.ts'
import { challenge, denial, parseConnect, type ConnectRequest } from './handshake.ts'
import { createInbox } from './inbox.ts'
import { authenticate } from './login.ts'
import { judge } from './permitted.ts'
import { relayFrames, say, type Line } from './relay-frames.ts'

// OpenClaw itself gives ten seconds and takes 64 KiB before the connect (docs, gateway/protocol/transport).
const connectTimeoutMs = 10_000
const maxUnidentifiedBytes = 65_536
// A frame may be 16 MiB; this bounds what people without login can make us hold.
const maxUnidentified = 32

/** One WebSocket, from the upgrade to its end: the gateway hears of it only once it is known who it is. */
export async function carryWebSocket(
  call: Call,
  line: { socket: Socket; head: Buffer },
  around: Surroundings,
): Promise<Turnout> {
  if (call.visit.who === null && around.unidentified >= maxUnidentified) {
    return refuse(503, 'ingress.unidentified', 'too many connections have not logged in yet')
  }
  const client = await accept(call, line, around)
  if (client === null) return refuse(400, 'ingress.bad-upgrade', 'the request is no WebSocket upgrade')
  call.status = 101
  call.end = (reason) => farewell([client.socket], { code: 1008, reason })
  const connect = await identify(call, { client, socket: line.socket }, around)
  if (connect === null || call.cut) return 'served'
  if (!(await logDecision(call, around))) {
    return turnAway(call, client, {
      code: 1013,
      rule: 'ingress.log-unavailable',
      reason: 'the audit log cannot be written',
    })
  }
  const gateway = await openGateway(connect, call, around).catch(() => null)
  if (gateway === null) {
    return turnAway(call, client, {
      code: 1013,
      rule: 'ingress.gateway-unreachable',
      reason: 'the gateway cannot be reached',
    })
  }
  call.end = (reason) => farewell([client.socket, gateway.socket], { code: 1008, reason })
  if (call.cut) gateway.socket.terminate()
  else await relayFrames({ client, gateway, connectId: connect.id }, call)
  return 'served'
}

function accept(
  call: Call,
  { socket, head }: { socket: Socket; head: Buffer },
  { webSockets }: Surroundings,
): Promise<Line | null> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve(null)) // `ws` answers a malformed upgrade itself and closes the socket
    webSockets.handleUpgrade(call.request, socket, head, (client) => {
      client.on('error', () => client.terminate()) // too large, not UTF-8, bad opcode: `ws` has told the client
      resolve({ socket: client, inbox: createInbox(client) })
    })
  })
}

/** Takes the connect request, and the login with it if there was none. @returns `null` when it was turned away */
async function identify(
  call: Call,
  { client, socket }: { client: Line; socket: Socket },
  around: Surroundings,
): Promise<ConnectRequest | null> {
  const connect =
    call.visit.who === null ? await readStranger(client, socket, around) : await readConnect(client, around)
  if (connect === null) {
    turnAway(call, client, {
      code: 1008,
      rule: 'ingress.no-connect',
      reason: 'the first frame must be a connect request',
    })
    return null
  }
  call.visit.who ??= await authenticate(call, connect.presented, around)
  if (mayConnect(call, connect, around)) return connect
  client.socket.send(denial(connect, { decision: call.decision, known: call.visit.who !== null }))
  turnAway(call, client, { code: 1008, rule: call.decision.rule, reason: call.decision.reason })
  return null
}

async function readConnect(client: Line, around: Surroundings): Promise<ConnectRequest | null> {
  client.socket.send(challenge(around.ports.clock))
  const frame = await client.inbox.next(connectTimeoutMs)
  return frame === null || frame.isBinary ? null : parseConnect(String(frame.data))
}

/** The same from somebody without login: few at a time, and few bytes. */
async function readStranger(client: Line, socket: Socket, around: Surroundings): Promise<ConnectRequest | null> {
  const startedAt = socket.bytesRead
  const count = (): void => {
    if (socket.bytesRead - startedAt > maxUnidentifiedBytes) socket.destroy()
  }
  around.unidentified++
  socket.on('data', count)
  try {
    return await readConnect(client, around)
  } finally {
    around.unidentified--
    socket.off('data', count)
  }
}

function mayConnect(call: Call, connect: ConnectRequest, around: Surroundings): boolean {
  if (call.visit.who === null) {
    call.decision = { allow: false, rule: 'ingress.bad-credential', reason: 'a valid token is needed' }
    return false
  }
  judge(call, around)
  if (call.decision.allow && connect.role !== 'operator') {
    // A node lends its machine to agents and is known by its own key; this door has one key for everybody.
    call.decision = { allow: false, rule: 'ingress.role', reason: 'this door serves operators, no other role' }
  }
  return call.decision.allow
}

function turnAway(
  call: Call,
  client: Line,
  { code, rule, reason }: { code: number; rule: string; reason: string },
): 'served' {
  if (!call.cut) call.decision = { allow: false, rule, reason }
  farewell([client.socket], { code, reason })
  return 'served'
}

// Long enough for a close frame to arrive; who does not answer it is cut off.
const farewellMs = 500

function farewell(sockets: WebSocket[], words: { code: number; reason: string }): void {
  for (const socket of sockets) {
    say(socket, words)
    setTimeout(() => socket.terminate(), farewellMs).unref()
  }
}
