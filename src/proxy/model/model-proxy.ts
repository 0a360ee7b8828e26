import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Pool } from 'undici'
import { HardshellError, formatListen, type Listen } from '../../base/index.ts'
import type { Visit } from '../visit.ts'
import { newCall, type Call, type Room, type StepResult } from './call.ts'
import type { ModelProxyOptions, ModelProxyPorts, Provider } from './ports.ts'
import { cutOff, decided, refuse } from './refusal.ts'
import { settleAndClose } from './settle.ts'
import { steps } from './steps.ts'

export interface ModelProxy {
  /**
   * @returns the address it really listens on
   * @throws HardshellError `model-proxy.listen-failed`
   */
  listen(listen: Listen): Promise<Listen>
  /** Ends running calls at once: the kill switch. @returns how many; @param reason one sentence their clients see */
  cut(match: (visit: Visit) => boolean, reason: string): number
  active(): Visit[]
  /** Stops listening, cuts what runs, waits for the last entries. Resolves within two seconds; again is harmless. */
  close(): Promise<void>
}

/** @throws HardshellError `model-proxy.bad-provider` */
export function createModelProxy(options: ModelProxyOptions, ports: ModelProxyPorts): ModelProxy {
  const room: Room = { options: complete(options), ports, pools: openPools(options), running: new Set() }
  const server = createServer(serverOptions, (request, reply) => void serve(request, reply, room))
  // A connection more than there may be calls: the surplus is told so instead of being left in the queue.
  server.maxConnections = room.options.maxConcurrent * 2
  server.on('clientError', turnAway)
  return {
    listen: (listen) => startListening(server, listen),
    cut: (match, reason) => cut(room, match, reason),
    active: () => [...room.running].map((call) => call.visit),
    close: () => shutDown(server, room),
  }
}

// Slow and endless heads (slowloris) end after 15 s; a body of 32 MiB may take two minutes. Idle connections outlive
// the pauses between the model calls of one turn.
const serverOptions = {
  headersTimeout: 15_000,
  requestTimeout: 120_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 32_768,
  connectionsCheckingInterval: 5_000,
}

const farewell = 'the guard is stopping'
// Longest wait for the last entries after everything was cut.
const closeMs = 1_500

/** Walks one request through the steps. Never rejects; whatever throws on the way is a no. */
async function serve(request: IncomingMessage, reply: ServerResponse, room: Room): Promise<void> {
  const call = newCall(request, reply, room.ports.clock)
  room.running.add(call)
  reply.on('error', ignore) // a broken client socket; 'close' follows
  reply.on('close', () => {
    if (reply.writableFinished || call.cutReason !== null) return
    call.gone = true
    call.stop?.()
  })
  try {
    const result = await walk(call, room)
    if (result !== 'answered' && result !== 'pass') await refuse(call, result, room)
  } catch (error) {
    room.ports.onTrouble?.(error)
    if (reply.headersSent) reply.destroy()
    else await refuse(call, decided('guard.failed', 'the guard failed while it judged this request', 500), room)
  } finally {
    await settleAndClose(call, room)
    room.running.delete(call)
  }
}

async function walk(call: Call, room: Room): Promise<StepResult> {
  for (const step of steps) {
    const result = await step(call, room)
    if (result !== 'pass') return result
    if (call.gone) return 'answered'
    if (call.cutReason !== null) return cutOff(call.cutReason)
  }
  return decided('guard.failed', 'no step answered', 500)
}

function cut(room: Room, match: (visit: Visit) => boolean, reason: string): number {
  let count = 0
  for (const call of room.running) {
    if (call.cutReason !== null || !match(call.visit)) continue
    call.cutReason = reason
    call.stop?.()
    count++
  }
  return count
}

async function startListening(server: Server, { host, port }: Listen): Promise<Listen> {
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: Error): void => {
      const at = formatListen({ host, port })
      const hint = 'another program may hold the port: choose another `listen` address'
      const message = `cannot listen on ${at}: ${cause.message}`
      reject(new HardshellError('model-proxy.listen-failed', message, { hint, cause }))
    }
    server.once('error', fail)
    server.listen({ host, port }, () => {
      server.off('error', fail)
      resolve()
    })
  })
  const { address, port: chosen } = server.address() as AddressInfo
  return { host: address, port: chosen }
}

async function shutDown(server: Server, room: Room): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  cut(room, () => true, farewell)
  const until = Date.now() + closeMs
  while (room.running.size > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 10))
  server.closeAllConnections()
  await Promise.all([closed, ...[...room.pools.values()].map((pool) => pool.destroy())])
}

/** What never became a request: answered by its number, and not looked at further. */
function turnAway(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable) return void socket.destroy()
  const lines: Record<string, string> = {
    HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
    ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  }
  const line = lines[error.code ?? ''] ?? '400 Bad Request'
  socket.end(`HTTP/1.1 ${line}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

function complete(options: ModelProxyOptions): Required<ModelProxyOptions> {
  return {
    maxBodyBytes: 32 * 1024 * 1024,
    maxAnswerBytes: 64 * 1024 * 1024,
    upstreamTimeoutMs: 600_000,
    idleStreamTimeoutMs: 300_000,
    announceGraceMs: 2_000,
    maxConcurrent: 256,
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
    providers: options.providers,
  }
}

function openPools({ providers }: ModelProxyOptions): Map<string, Pool> {
  const pools = new Map<string, Pool>()
  const names = new Set<string>()
  for (const provider of providers) {
    const problem = problemOf(provider, names)
    if (problem) throw new HardshellError('model-proxy.bad-provider', `provider ${provider.name}: ${problem}`)
    names.add(provider.name)
    if (!provider.local) pools.set(provider.name, new Pool(new URL(provider.baseUrl).origin, poolOptions))
  }
  return pools
}

// One request per connection at a time: a pipelined answer would wait behind a stream of minutes. Connections idle
// for 20 s are closed before the load balancers of the big providers (60 s and more) close them on us.
const poolOptions = { pipelining: 1, allowH2: false, keepAliveTimeout: 20_000, connect: { timeout: 10_000 } }

function problemOf({ name, baseUrl, local }: Provider, taken: ReadonlySet<string>): string | null {
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) return 'a name is lower case: letters, digits, `-`, `_`, `.`'
  if (taken.has(name)) return 'the name is used twice'
  if (local) return null
  const url = URL.parse(baseUrl)
  if (!url || !/^https?:$/.test(url.protocol)) return 'baseUrl must be an http or https address'
  if (url.username !== '' || url.password !== '') return 'baseUrl must not carry a credential'
  if (url.search !== '' || url.hash !== '') return 'baseUrl must end with its path'
  if (/\/v1\/?$/.test(url.pathname)) return 'baseUrl stands without `/v1`, which is added'
  return null
}

function ignore(): void {}
