/**
 * The floor of `bench/model-proxy.ts`: the shortest way there is from a client to a model and back that does the parts
 * named, each by the product's own room, and nothing else. One connection carries one call after the other, both sides keep
 * alive, answers have a length. It knows no policy, no turns, no limits of time or size, changes no header and trusts its
 * peers: what it takes, no order of code could save.
 *
 *   node bench/bare-model.ts PORT UPSTREAM FOLDER [parse,secrets,log,sync,budget]
 *
 * `parse`: both bodies, and the usage. `secrets`: a scan of both. `log`: two chained lines a call, the first with the kernel
 * before the call goes out. `sync`: no answer is shown before that line is on the disk. `budget`: reserve and settle.
 */
import { randomBytes } from 'node:crypto'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { openAuditLog, type Handed, type NewEntry } from '../src/auditlog/index.ts'
import { systemClock } from '../src/base/index.ts'
import { createMeter, loadPrices, migrations } from '../src/budget/index.ts'
import { findSecrets } from '../src/content/index.ts'
import { keepCallsYoung } from '../src/guard/heap.ts'
import { openStore } from '../src/store/index.ts'

const [port, upstreamPort, folder, parts = ''] = process.argv.slice(2) as [string, string, string, string?]
const does = new Set(parts.split(','))
keepCallsYoung()
const log = does.has('log') ? await openAuditLog({ path: join(folder, 'floor', 'audit.log') }, { clock: systemClock }) : null
const limits = { perDay: 1e12, perMonth: 1e12, perSession: 1e12, perAgent: 1e12, tokensPerRequest: 10_000_000 }
const store = does.has('budget') ? openStore({ path: join(folder, 'floor.db'), migrations }) : null
const meter = store && createMeter({ db: store.db, limits, prices: await loadPrices() }, { clock: systemClock })

const idle: Upstream[] = []
const length = /\r\ncontent-length: *(\d+)/i

/** Bytes until a head and the body it announces are whole. */
class Message {
  #bytes: Buffer = Buffer.alloc(0)
  head = ''
  bodyAt = 0

  /** @returns the whole message, or `null` */
  take(piece: Buffer): Buffer | null {
    this.#bytes = this.#bytes.length === 0 ? piece : Buffer.concat([this.#bytes, piece])
    const bytes = this.#bytes
    const end = bytes.indexOf('\r\n\r\n')
    if (end === -1) return null
    this.head = bytes.toString('latin1', 0, end + 2)
    this.bodyAt = end + 4
    if (bytes.length < this.bodyAt + Number(length.exec(this.head)?.[1] ?? 0)) return null
    this.#bytes = Buffer.alloc(0)
    return bytes
  }
}

interface Upstream {
  socket: Socket
  onAnswer: (answer: Buffer, bodyAt: number) => void
}

function take(): Upstream {
  const kept = idle.pop()
  if (kept) return kept
  const message = new Message()
  const socket = connect({ host: '127.0.0.1', port: Number(upstreamPort), noDelay: true })
  const upstream: Upstream = { socket, onAnswer: () => undefined }
  socket.on('data', (piece) => {
    const answer = message.take(piece)
    if (!answer) return
    idle.push(upstream)
    upstream.onAnswer(answer, message.bodyAt)
  })
  return upstream
}

createServer({ noDelay: true }, (client) => {
  const message = new Message()
  client.on('error', () => client.destroy())
  client.on('data', (piece) => {
    const request = message.take(piece)
    if (request) void serve(client, request, message.bodyAt)
  })
}).listen(Number(port), '127.0.0.1', 1024)

async function serve(client: Socket, request: Buffer, bodyAt: number): Promise<void> {
  const id = randomBytes(12).toString('base64url')
  const text = does.has('parse') || does.has('secrets') ? request.toString('utf8', bodyAt) : ''
  const asked = does.has('parse') ? (JSON.parse(text) as { model: string; max_completion_tokens: number }) : { model: 'gpt-5', max_completion_tokens: 500 }
  if (does.has('secrets') && findSecrets(text).length > 0) return void client.destroy()
  if (meter) await meter.reserve({ id, agentId: 'bench', sessionKey: 'agent:bench:main', provider: 'openai', model: asked.model, inputBytes: request.length - bodyAt, maxOutputTokens: asked.max_completion_tokens })
  const entry: NewEntry = { visit: id, peer: '127.0.0.1', user: 'bench', agent_id: 'bench', session: 'agent:bench:main', event_type: 'model_request', target: 'POST /v1/chat/completions', model: asked.model }
  const handed = log && (await log.writeThisTurn({ ...entry, decision: 'allow', rule: 'default.allow', reason: 'no rule refuses it' }))
  const upstream = take()
  upstream.onAnswer = (answer, answerAt) => void show(client, { answer, answerAt, handed, entry })
  upstream.socket.write(request)
}

async function show(client: Socket, { answer, answerAt, handed, entry }: { answer: Buffer; answerAt: number; handed: Handed | null; entry: NewEntry }): Promise<void> {
  const text = does.has('parse') || does.has('secrets') ? answer.toString('utf8', answerAt) : ''
  const { usage } = does.has('parse') ? (JSON.parse(text) as { usage: { prompt_tokens: number; completion_tokens: number } }) : { usage: { prompt_tokens: 120, completion_tokens: 60 } }
  if (does.has('secrets') && findSecrets(text).length > 0) return void client.destroy()
  if (does.has('sync') && handed && !handed.isDurable) await handed.durable()
  client.write(answer)
  const cost = meter?.settle(entry.visit!, { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens }).costMicroUsd
  log?.note({ ...entry, status: 200, bytes_out: answer.length, tokens_used: usage.prompt_tokens + usage.completion_tokens, ...(cost !== undefined && { cost_micro_usd: cost }) })
}
