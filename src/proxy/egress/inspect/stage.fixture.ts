import { mkdtempSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer, connect, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls'
import type { z } from 'zod'
import { goodOrigin, openTlsOrigin, trustedPem, type TlsOrigin } from '../../../../tests/fakes/tls-origins.ts'
import type { NewEntry } from '../../../auditlog/index.ts'
import { createOutboundTls, Secret, systemClock, systemRandom } from '../../../base/index.ts'
import { createCanaryWatch, createStreamRedactor, findSecrets, redactSecrets, sealCanary, unwrap } from '../../../content/index.ts'
import { meet } from '../../visit.ts'
import { gatewayIdentity } from '../identity.ts'
import { refusal, type Verdict } from '../passage.ts'
import { openInspection, type Inspection, type InspectionOptions, type InspectionPorts } from './index.ts'
import { inspectSettings } from './settings.ts'

// Assembled, so that no scanner takes this file for a leak.
export const realToken = ['real', 'upstream', 'token', '0123456789'].join('-')
export const canary = ['lantern', 'quarry', 'mistletoe', 'ember'].join(' ')
export const someSecret = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_')

export const content: InspectionPorts['content'] = {
  layers: (text) => [text, ...unwrap(text).map((layer) => layer.text)],
  secretsIn: (text) => findSecrets(text).map(({ type }) => type),
  redact: (text) => redactSecrets(text),
  holdsCanary: (text) => watch.find(text).length > 0,
  answerRedactor() {
    const redactor = createStreamRedactor()
    return { push: (chunk) => redactor.push(chunk).text, end: () => redactor.end().text }
  },
  signalsIn: (text) => (/ignore all previous/i.test(text) ? ['injection.override'] : []),
}
const watch = createCanaryWatch([sealCanary('test', canary)])

/** Inspection over one origin, `api.example.com`, reached by clients as if through a tunnel. */
export interface InspectStage {
  inspection: Inspection
  origin: TlsOrigin
  port: number
  entries: NewEntry[]
  /** Requests `judge` was asked about. */
  judged: string[]
  settled: Verdict[]
  folder: string
  close(): Promise<void>
}

export async function openInspectStage(
  more: {
    hosts?: z.input<typeof inspectSettings>
    answer?: RequestListener
    originOptions?: Parameters<typeof openTlsOrigin>[0]
    options?: Partial<InspectionOptions>
    ports?: Partial<InspectionPorts>
    /** What the tunnel was opened for. */
    host?: string
    judge?: (request: { method: string; path: string }) => Verdict
  } = {},
): Promise<InspectStage> {
  const host = more.host ?? 'api.example.com'
  const folder = mkdtempSync(join(tmpdir(), 'hs-inspect-'))
  const entries: NewEntry[] = []
  const append = async (entry: NewEntry) => ({ seq: entries.push(entry), hash: '' })
  const inspection = await openInspection(
    {
      hosts: inspectSettings.parse(more.hosts ?? [{ host: 'api.example.com', credentials: [{ secret: 'API_TOKEN' }] }]),
      folder,
      sentinelKey: new Secret('a key of this test'),
      ...more.options,
    },
    {
      audit: { append, write: (entry) => (entries.push(entry), { isDurable: true, durable: async () => {} }), note: (entry) => void entries.push(entry) },
      clock: systemClock,
      random: systemRandom,
      tls: createOutboundTls().withAuthorities(trustedPem),
      content,
      mayUse: () => ({ allow: true, rule: 'test.may', reason: '' }),
      secret: (name) => (name === 'API_TOKEN' ? new Secret(realToken) : null),
      ...more.ports,
    },
  )
  const origin = await openTlsOrigin(more.originOptions ?? goodOrigin('api.example.com', '*.wild.example.com'), more.answer)
  const judged: string[] = []
  const settled: Verdict[] = []
  const carrying = new Set<Promise<void>>()
  const judge = more.judge ?? (() => ({ allow: true, status: 200, rule: 'egress.allowed-host', reason: 'listed' }))
  const server = createServer({ allowHalfOpen: true }, (client) => {
    client.on('error', () => client.destroy())
    client.once('data', (opening: Buffer) => {
      client.pause()
      const upstream = connect({ port: origin.port, host: '127.0.0.1', allowHalfOpen: true })
      upstream.on('error', () => upstream.destroy())
      upstream.once('connect', () => {
        const work = inspection.carry({
          visit: meet('egress', '127.0.0.1', systemClock),
          target: { host, port: 443, literal: false },
          identity: gatewayIdentity,
          client,
          upstream,
          opening,
          judge: async (request) => (judged.push(`${request.method} ${request.path}`), judge(request)),
          count: () => {},
          settle: (verdict) => void settled.push(verdict),
        })
        carrying.add(work)
        void work.finally(() => carrying.delete(work))
      })
    })
  })
  const port = await listening(server)
  return {
    inspection,
    origin,
    port,
    entries,
    judged,
    settled,
    folder,
    async close() {
      await origin.close()
      await new Promise((resolve) => server.close(resolve))
      await Promise.all(carrying)
      rmSync(folder, { recursive: true })
    },
  }
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** A client that trusts the authority. */
export function dial(stage: InspectStage, more: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: '127.0.0.1', port: stage.port, servername: 'api.example.com', ca: stage.inspection.certificate, ...more }, () => resolve(socket))
    socket.on('error', reject)
  })
}

/** Says something and collects what comes until the end. */
export async function say(stage: InspectStage, text: string | Buffer, more: ConnectionOptions = {}): Promise<string> {
  const socket = await dial(stage, more)
  return await heard(socket, () => socket.write(text))
}

export function heard(socket: Socket, begin: () => void): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
    socket.on('close', () => resolve(text)).on('error', () => resolve(text))
    begin()
  })
}

/** One request as a client writes it, the last on its connection. */
export function requestText(method: string, path: string, headers: Record<string, string> = {}, body: string | Buffer = ''): Buffer {
  const all = { host: 'api.example.com', connection: 'close', ...(body.length > 0 && { 'content-length': Buffer.byteLength(body) }), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), Buffer.from(body)])
}

export function refused(rule: string): Verdict {
  return refusal(403, rule, 'refused by the lists')
}
