import { createSocket } from 'node:dgram'
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { createServer as createPlainServer, type AddressInfo, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { Identity } from './certificates.ts'

/** A request as it came. */
export interface SeenPost {
  path: string
  headers: IncomingHttpHeaders
  text: string
  body: Record<string, unknown>
}

/** Slack (an incoming webhook and `chat.postMessage`), PagerDuty's Events API v2, and a webhook of somebody's own. */
export interface AlertHttp {
  url: string
  /** Only what was taken. */
  taken: SeenPost[]
  /** Everything that came, refused or not. */
  seen: SeenPost[]
  /** Said instead of its own answer, one after the other. */
  script: { status: number; headers?: Record<string, string>; body?: string }[]
  close(): Promise<void>
}

/** The bot token it takes; made up here, so that none stands in a file. */
export const botToken = ['xoxb', '1'.repeat(11), 'a'.repeat(24)].join('-')
/** The channels its bot is in. */
const channels = ['#alerts', '#security-ops', 'C0123456789']

/** Answers as the public references of November 2026 say: docs.slack.dev, developer.pagerduty.com. */
export async function startAlertHttp(): Promise<AlertHttp> {
  const it: Omit<AlertHttp, 'url' | 'close'> = { taken: [], seen: [], script: [] }
  const sockets = new Set<Socket>()
  const server = createServer((request, reply) => {
    void readPost(request).then((post) => {
      it.seen.push(post)
      const { status, headers = {}, body = '' } = it.script.shift() ?? answerTo(post)
      if (status < 300 && !body.includes('"ok":false')) it.taken.push(post)
      reply.writeHead(status, headers).end(body)
    })
  })
  server.on('connection', (socket: Socket) => void sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(it, {
    url: `http://127.0.0.1:${port}`,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

async function readPost(request: IncomingMessage): Promise<SeenPost> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
  return { path: request.url ?? '', headers: request.headers, text, body: parsed(text) }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

function answerTo(post: SeenPost): AlertHttp['script'][number] {
  if (post.path.startsWith('/services/')) return isSlackContent(post.body) ? { status: 200, body: 'ok' } : { status: 400, body: 'invalid_payload' }
  if (post.path === '/api/chat.postMessage') return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(slackAnswer(post)) }
  if (post.path === '/v2/enqueue') return pagerdutyAnswer(post.body)
  return { status: post.path === '/hook' ? 204 : 404 }
}

function slackAnswer({ headers, body }: SeenPost): object {
  if (headers.authorization !== `Bearer ${botToken}`) return { ok: false, error: 'invalid_auth' }
  if (!channels.includes(String(body['channel']))) return { ok: false, error: 'channel_not_found' }
  return isSlackContent(body) ? { ok: true, channel: 'C0123456789', ts: '1.2' } : { ok: false, error: 'invalid_blocks' }
}

interface Block {
  type: string
  text?: { type: string; text: string }
  elements?: { type: string; elements: { type: string; text: string }[] }[]
}

/** A text, and blocks within the limits of Block Kit. */
function isSlackContent({ text, blocks }: Record<string, unknown>): boolean {
  return typeof text === 'string' && text !== '' && Array.isArray(blocks) && (blocks as Block[]).every(isBlock)
}

function isBlock({ type, text, elements }: Block): boolean {
  if (type === 'header') return text?.type === 'plain_text' && text.text.length > 0 && text.text.length <= 150
  if (type !== 'rich_text') return false
  return (elements ?? []).every((one) => one.type === 'rich_text_preformatted' && one.elements.every((part) => part.type === 'text' && part.text.length > 0))
}

function pagerdutyAnswer(body: Record<string, unknown>): AlertHttp['script'][number] {
  const { summary, source, severity } = (body['payload'] ?? {}) as Record<string, unknown>
  const isValid =
    /^[A-Za-z0-9]{32}$/.test(String(body['routing_key'])) && ['trigger', 'acknowledge', 'resolve'].includes(String(body['event_action'])) &&
    String(body['dedup_key']).length <= 255 && typeof summary === 'string' && summary.length <= 1024 && typeof source === 'string' && ['critical', 'error', 'warning', 'info'].includes(String(severity))
  if (!isValid) return { status: 400, body: JSON.stringify({ status: 'invalid event', message: 'Event object is invalid', errors: [] }) }
  return { status: 202, body: JSON.stringify({ status: 'success', message: 'Event processed', dedup_key: body['dedup_key'] }) }
}

/** A real mail server on loopback. */
export interface MailServer {
  port: number
  mails: { from: string; to: string[]; user: unknown; isSecure: boolean; text: string }[]
  close(): Promise<void>
}

/** The login it takes. */
export const mailLogin = { user: 'guard', pass: ['mail', 'pass'].join('-') }

export async function startMailServer(identity: Identity, options: SMTPServerOptions = {}): Promise<MailServer> {
  const mails: MailServer['mails'] = []
  const server = new SMTPServer({
    ...identity,
    authMethods: ['PLAIN'],
    authOptional: true,
    logger: false,
    onAuth: ({ username, password }, _session, done) => (username === mailLogin.user && password === mailLogin.pass ? done(null, { user: username }) : done(new Error('no such login'))),
    onData(stream, { envelope, user, secure }, done) {
      let text = ''
      stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
        mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), user, isSecure: secure, text })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => {}) // a client that does not believe us goes away
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return { port, mails, close: async () => await new Promise((resolve) => server.close(() => resolve())) }
}

/** A log server; `lines` are whole messages. */
export interface LogServer {
  port: number
  lines: string[]
  close(): Promise<void>
}

export async function startLogServer(identity?: Identity): Promise<LogServer> {
  const lines: string[] = []
  const sockets = new Set<Socket>()
  const take = (socket: Socket): void => {
    sockets.add(socket)
    let bytes: Buffer = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => (bytes = takeFrames(Buffer.concat([bytes, chunk]), lines)))
  }
  const server = identity ? createTlsServer(identity, take) : createPlainServer(take)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    lines,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Counted octets (RFC 6587, section 3.4.1); what follows the count, byte for byte. @returns what is not whole yet */
function takeFrames(bytes: Buffer, lines: string[]): Buffer {
  for (;;) {
    const match = /^(\d{1,6}) /.exec(bytes.toString('latin1', 0, 8))
    const start = match?.[0].length ?? 0
    const end = start + Number(match?.[1])
    if (!match || bytes.length < end) return bytes
    lines.push(bytes.toString('utf8', start, end))
    bytes = bytes.subarray(end)
  }
}

export async function startDatagramLog(): Promise<LogServer> {
  const lines: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (bytes) => lines.push(bytes.toString('utf8')))
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return { port: socket.address().port, lines, close: async () => await new Promise((resolve) => socket.close(() => resolve())) }
}
