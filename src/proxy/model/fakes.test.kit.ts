import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Handed, NewEntry, TurnWriter } from '../../auditlog/index.ts'
import { Secret, systemClock } from '../../base/index.ts'
import { createTurnBook } from '../turns.ts'
import type { Claim, Usage } from './meter.ts'
import { createModelProxy, type ModelProxy } from './model-proxy.ts'
import type { Caller, ModelContent, ModelProxyOptions, ModelProxyPorts, Provider } from './ports.ts'

/** What the fake content room calls a secret. Assembled, so that no scanner stops at this file. */
export const sampleSecret = ['SECRET', 'A1B2C3D4'].join('-')

/** A content room with one kind of secret: `SECRET-` and eight capitals or digits. */
export const fakeContent: ModelContent = {
  findSecrets: (text) =>
    [...text.matchAll(/\bSECRET-[A-Z0-9]{8}/g)].map((match) => ({
      type: 'sample',
      start: match.index,
      end: match.index + match[0].length,
    })),
  redactSecrets: (text) => text.replaceAll(/\bSECRET-[A-Z0-9]{8}/g, '[REDACTED_SAMPLE]'),
  pendingSecretLength(text) {
    for (let start = Math.max(0, text.length - 15); start < text.length; start++) {
      const tail = text.slice(start)
      if ('SECRET-'.startsWith(tail.slice(0, 7)) && /^.{0,7}[A-Z0-9]{0,7}$/s.test(tail)) return tail.length
    }
    return 0
  },
}

export interface FakeLog extends TurnWriter {
  entries: NewEntry[]
  /** Why nothing can be written; `null`: it can. */
  broken: Error | null
  /** Nothing written becomes durable until released; then it fails if asked to. */
  hold(): { release(error?: Error): void }
}

export function fakeLog(): FakeLog {
  let gate: { promise: Promise<void>; isOpen: boolean } | null = null
  const add = (entry: NewEntry): void => {
    if (log.broken) throw log.broken
    log.entries.push(entry)
  }
  const write = (entry: NewEntry): Handed => {
    add(entry)
    const held = gate
    return {
      get isDurable() {
        return held === null || held.isOpen
      },
      durable: () => held?.promise ?? Promise.resolve(),
    }
  }
  const log: FakeLog = {
    entries: [],
    broken: null,
    async append(entry) {
      await gate?.promise
      add(entry)
      return { seq: log.entries.length - 1, hash: '' }
    },
    write,
    writeThisTurn: async (entry) => write(entry),
    note: add,
    hold() {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      promise.catch(() => {}) // whoever waits hears of it
      const held = { promise, isOpen: false }
      gate = held
      return {
        release(error) {
          gate = null
          held.isOpen = !error
          if (error) reject(error)
          else resolve()
        },
      }
    },
  }
  return log
}

export interface FakeMeter {
  claims: Claim[]
  settled: Usage[]
  released: string[]
  refuse: { limit: string; reason: string } | null
  cap: number | undefined
}

export interface World {
  proxy: ModelProxy
  url: string
  log: FakeLog
  meter: FakeMeter
  ports: ModelProxyPorts
  trouble: unknown[]
}

export const keys = {
  gateway: 'virtual-gateway',
  plain: 'virtual-plain',
  probe: 'virtual-probe',
  limited: 'virtual-limited',
}

export const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`

const plain: Caller = { name: 'ci', permissions: [], turnRequired: false, free: false, refusal: 'http' }

const callers: Readonly<Record<string, Caller>> = {
  [keys.gateway]: { name: 'gateway', permissions: [], turnRequired: true, free: false, refusal: 'assistant-text' },
  [keys.plain]: plain,
  [keys.probe]: { name: 'probe', permissions: [], turnRequired: false, free: true, refusal: 'assistant-text' },
  [keys.limited]: { ...plain, name: 'few', providers: ['other'] },
}

/** A whole proxy on loopback with everything around it faked. */
export async function openWorld(
  providers: readonly Provider[],
  more: { options?: Partial<ModelProxyOptions>; ports?: Partial<ModelProxyPorts> } = {},
): Promise<World> {
  const log = fakeLog()
  const meter: FakeMeter = { claims: [], settled: [], released: [], refuse: null, cap: undefined }
  const trouble: unknown[] = []
  const turns = createTurnBook(systemClock)
  turns.announce({ agentId: 'main', sessionKey: 'agent:main:main', runId: 'run-1', traceId: 'a'.repeat(32) })
  const ports: ModelProxyPorts = {
    audit: log,
    clock: systemClock,
    authenticate: (presented) => callers[presented ?? ''] ?? null,
    turns,
    decide: () => ({ allow: true, rule: 'default.allow', reason: 'no rule refuses it' }),
    content: fakeContent,
    meter: {
      reserve(claim) {
        meter.claims.push(claim)
        if (meter.refuse) return { ok: false, ...meter.refuse }
        return { ok: true, reservationId: claim.id, ...(meter.cap !== undefined && { capOutputTokens: meter.cap }) }
      },
      settle(_id, usage) {
        meter.settled.push(usage)
        return { costMicroUsd: 42 }
      },
      release(id) {
        meter.released.push(id)
      },
    },
    onTrouble: (error) => void trouble.push(error),
    ...more.ports,
  }
  const proxy = createModelProxy({ providers, announceGraceMs: 20, ...more.options }, ports)
  const { host, port } = await proxy.listen({ host: '127.0.0.1', port: 0 })
  return { proxy, url: `http://${host}:${port}`, log, meter, ports, trouble }
}

export interface Upstream {
  url: string
  /** Requests as they arrived, bodies as text. */
  seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[]
  /** Connections that closed before their answer was whole. */
  aborted: number
  close(): Promise<void>
}

/** A provider on loopback that answers as it is told. */
export async function openUpstream(
  answer: (reply: ServerResponse, seen: Upstream['seen'][number]) => void | Promise<void>,
): Promise<Upstream> {
  const upstream: Upstream = { url: '', seen: [], aborted: 0, close: async () => {} }
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = []
    reply.on('close', () => {
      if (!reply.writableFinished) upstream.aborted++
    })
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      upstream.seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
      void answer(reply, upstream.seen.at(-1)!)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  upstream.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  upstream.close = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
  return upstream
}

export function providerAt(url: string, api: Provider['api'], name: string = api): Provider {
  return { name, api, baseUrl: url, key: async () => new Secret('real-provider-key') }
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

/** Waits until something holds that another side does in its own time. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 5_000
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export const chatBody = (more: object = {}): string =>
  JSON.stringify({ model: 'gpt-test', messages: [{ role: 'user', content: 'hello' }], ...more })
