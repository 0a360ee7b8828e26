import { HardshellError, type Listen } from '../../base/index.ts'
import { createHttp1Pool, createHttp1Server, type Exchange, type Http1Pool, type Http1Server } from '../http1/index.ts'
import { createIdSource, type Visit } from '../visit.ts'
import { newCall, type Call, type Room, type StepResult } from './call.ts'
import { ToldDrift } from './drift.ts'
import { forAnswers } from './finders.ts'
import { HeldBodies } from './held-bodies.ts'
import { KnownClean } from './known-clean.ts'
import { KnownReadings } from './known-readings.ts'
import type { ModelProxyOptions, ModelProxyPorts, Provider } from './ports.ts'
import { cutOff, decided, refuse, type Refusal } from './refusal.ts'
import { CleanHeaders } from './request-headers.ts'
import { Running } from './running.ts'
import { ScreenedTexts } from './screened-texts.ts'
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
  const { content, clock, onTrouble } = ports
  const answers = forAnswers(content)
  const room: Room = {
    options: complete(options),
    ports,
    pools: openPools(options, ports),
    knownClean: new KnownClean(content),
    readings: new KnownReadings(),
    screened: ScreenedTexts.over(content),
    told: new ToldDrift(),
    answers,
    headers: new CleanHeaders(content, answers),
    newId: createIdSource(),
    running: new Running(),
    held: new HeldBodies(complete(options).maxHeldBytes),
    finished: (call, result) => finish(call, result, room),
  }
  // A connection more than there may be calls: the surplus is told so instead of being left in the queue.
  const limits = { ...serverOptions, maxConnections: room.options.maxConcurrent * 2 }
  const server = createHttp1Server(limits, (exchange) => serve(exchange, room), { clock, onTrouble })
  return {
    listen: (listen) => startListening(server, listen),
    cut: (match, reason) => cut(room, match, reason),
    active: () => room.running.list().map((call) => call.visit),
    close: () => shutDown(server, room),
  }
}

// Slow and endless heads (slowloris) end after 15 s; a body of 32 MiB may take two minutes. Idle connections outlive
// the pauses between the model calls of one turn.
const serverOptions = { headersTimeoutMs: 15_000, bodyTimeoutMs: 120_000, keepAliveMs: 65_000, maxHeadBytes: 32_768 }

const farewell = 'the guard is stopping'
// Longest wait for the last entries after everything was cut.
const closeMs = 1_500

/** Walks one request through the steps. Never throws; whatever throws on the way is a no. */
function serve(exchange: Exchange, room: Room): void {
  const call = newCall(exchange, room)
  room.running.add(call)
  call.reply.onGone(() => {
    if (call.cutReason !== null) return
    call.gone = true
    call.stop?.()
  })
  walk(call, room, 0)
}

/** Goes from step to step, and waits only where a step could not tell at once. */
function walk(call: Call, room: Room, from: number): void {
  try {
    for (let at = from; at < steps.length; at++) {
      const result = steps[at]!(call, room)
      if (result instanceof Promise) {
        const next = at + 1
        result.then((later) => goOn(call, room, { result: later, next }), (error: unknown) => fail(call, error, room))
        return
      }
      if (result !== 'pass' || call.gone || call.cutReason !== null) return leave(call, result, room)
    }
    leave(call, decided('guard.failed', 'no step answered', 500), room)
  } catch (error) {
    fail(call, error, room)
  }
}

function goOn(call: Call, room: Room, { result, next }: { result: StepResult; next: number }): void {
  if (result !== 'pass' || call.gone || call.cutReason !== null) leave(call, result, room)
  else walk(call, room, next)
}

/** The walk is over, or must not go on. */
function leave(call: Call, result: StepResult, room: Room): void {
  if (result === 'sent') return // `finish` comes when the answer is through
  if (result !== 'pass') finish(call, result, room)
  else if (call.gone) finish(call, 'answered', room)
  else finish(call, cutOff(call.cutReason!), room)
}

function fail(call: Call, error: unknown, room: Room): void {
  room.ports.onTrouble?.(error)
  if (call.reply.headersSent) call.reply.destroy()
  const refusal = decided('guard.failed', 'the guard failed while it judged this request', 500)
  finish(call, call.reply.headersSent ? 'answered' : refusal, room)
}

/** The last word to the client has been said, or is said now; what was set aside is settled. */
function finish(call: Call, result: Refusal | 'answered', room: Room): void {
  const close = (): void => {
    const closed = settleAndClose(call, room)
    if (closed) void closed.then(() => forget(call, room))
    else forget(call, room)
  }
  if (result === 'answered') return close()
  refuse(call, result, room).then(close, (error: unknown) => {
    room.ports.onTrouble?.(error)
    call.reply.destroy()
    close()
  })
}

function forget(call: Call, room: Room): void {
  room.running.delete(call)
  room.held.giveBack(call)
}

function cut(room: Room, match: (visit: Visit) => boolean, reason: string): number {
  let count = 0
  for (const call of room.running.list()) {
    if (call.cutReason !== null || !match(call.visit)) continue
    call.cutReason = reason
    call.stop?.()
    count++
  }
  return count
}

async function startListening(server: Http1Server, listen: Listen): Promise<Listen> {
  try {
    return await server.listen(listen)
  } catch (error) {
    if (!(error instanceof HardshellError)) throw error
    const hint = 'another program may hold the port: choose another `listen` address'
    throw new HardshellError('model-proxy.listen-failed', error.message, { hint, cause: error })
  }
}

async function shutDown(server: Http1Server, room: Room): Promise<void> {
  const until = Date.now() + closeMs
  const closed = server.close(closeMs)
  cut(room, () => true, farewell)
  // Their last entries come when the log has taken their refusals; whoever closes the log after us must not cut them off.
  while (room.running.size > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 10))
  for (const pool of room.pools.values()) pool.close()
  await closed
}

function complete(options: ModelProxyOptions): Required<ModelProxyOptions> {
  return {
    maxBodyBytes: 32 * 1024 * 1024,
    maxHeldBytes: 256 * 1024 * 1024,
    maxAnswerBytes: 64 * 1024 * 1024,
    upstreamTimeoutMs: 600_000,
    idleStreamTimeoutMs: 300_000,
    announceGraceMs: 2_000,
    maxConcurrent: 256,
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
    providers: options.providers,
  }
}

function openPools({ providers }: ModelProxyOptions, { clock, outboundTls }: ModelProxyPorts): Map<string, Http1Pool> {
  const pools = new Map<string, Http1Pool>()
  const tls = outboundTls ? { tls: { outbound: outboundTls } } : {}
  const names = new Set<string>()
  for (const provider of providers) {
    const problem = problemOf(provider, names)
    if (problem) throw new HardshellError('model-proxy.bad-provider', `provider ${provider.name}: ${problem}`)
    names.add(provider.name)
    if (provider.local) continue
    pools.set(provider.name, createHttp1Pool({ origin: new URL(provider.baseUrl).origin, ...poolOptions, ...tls }, { clock }))
  }
  return pools
}

// Connections idle for 20 s are closed before the load balancers of the big providers (60 s and more) close them on us.
const poolOptions = { keepAliveMs: 20_000, connectTimeoutMs: 10_000 }

function problemOf({ name, baseUrl, local }: Provider, taken: ReadonlySet<string>): string | null {
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) return 'a name is lower case: letters, digits, `-`, `_`, `.`'
  if (taken.has(name)) return 'the name is used twice'
  if (local) return null
  const url = URL.parse(baseUrl)
  if (!url || !/^https?:$/.test(url.protocol)) return 'baseUrl must be an http or https address'
  if (url.username !== '' || url.password !== '') return 'baseUrl must not carry a credential'
  if (url.search !== '' || url.hash !== '') return 'baseUrl must end with its path'
  if (/\/v1(?:beta|alpha)?\/?$/.test(url.pathname)) return 'baseUrl stands without `/v1`, which is added'
  return null
}
