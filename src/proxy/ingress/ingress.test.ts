import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { bearer, closingEntry, gatewayToken, openStage, sendRaw, tokens, type Stage } from './stage.fixture.ts'

const open: Stage[] = []
afterEach(async () => {
  for (const stage of open.splice(0)) {
    await stage.ingress.close()
    stage.gateway.close()
  }
})

async function stageOf(...more: Parameters<typeof openStage>): Promise<Stage> {
  const stage = await openStage(...more)
  open.push(stage)
  return stage
}

function ask({ port }: Stage, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init })
}

describe('without a login', () => {
  it.each(['/healthz', '/readyz', '/startupz'])('%s gives the status of the gateway and one word', async (path) => {
    const stage = await stageOf({ serve: (_, response) => response.writeHead(503).end('{"secret":"inner state"}') })
    const response = await ask(stage, path)
    expect([response.status, await response.text()]).toEqual([503, 'unavailable\n'])
    expect(await closingEntry(stage.entries)).toMatchObject({ rule: 'ingress.health', status: 503 })
  })

  it.each(['/', '/v1/models', '/healthz/', '/healthz/x', '/health', '/api/v1/admin/rpc', '/%2568ealthz/x'])(
    '%s is closed',
    async (path) => {
      const stage = await stageOf()
      const response = await ask(stage, path)
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toContain('Bearer')
      expect(stage.gateway.requests).toEqual([])
      expect(await closingEntry(stage.entries)).toMatchObject({
        decision: 'deny',
        rule: 'ingress.bad-credential',
        status: 401,
      })
    },
  )

  it('a person is led to the login page', async () => {
    const response = await ask(await stageOf(), '/chat', { headers: { accept: 'text/html' } })
    expect([response.status, response.headers.get('location')]).toEqual([303, '/hardshell/login'])
  })

  it('a health question with a body or another method is none', async () => {
    const response = await ask(await stageOf(), '/healthz', { method: 'POST', body: 'x' })
    expect(response.status).toBe(401)
  })
})

describe('a bearer token', () => {
  it.each([
    [tokens.reader, 'GET', '/v1/models', 200],
    [tokens.reader, 'POST', '/v1/chat/completions', 403],
    [tokens.reader, 'DELETE', '/x', 403],
    [tokens.writer, 'POST', '/v1/chat/completions', 200],
    [tokens.writer, 'POST', '/api/v1/admin/rpc', 403],
    [tokens.writer, 'GET', '/api/v1/%61dmin/rpc', 403],
    [tokens.writer, 'POST', '/api%2fv1%2fadmin/rpc', 403],
    [tokens.writer, 'POST', '/API/v1//admin', 403],
    [tokens.admin, 'POST', '/api/v1/admin/rpc', 200],
  ])('%s may %s %s: %i', async (token, method, path, status) => {
    const stage = await stageOf()
    const response = await ask(stage, path, { method, headers: bearer(token) })
    expect(response.status).toBe(status)
    expect(stage.gateway.requests).toHaveLength(status === 200 ? 1 : 0)
    if (status === 403)
      expect(await closingEntry(stage.entries)).toMatchObject({ rule: 'ingress.permission', decision: 'deny' })
  })

  it('that is wrong gets one answer, and the log an entry without it', async () => {
    const stage = await stageOf()
    const answers = await Promise.all(
      ['x', 'y'.repeat(500), ''].map((token) => ask(stage, '/', { headers: bearer(token) })),
    )
    const bodies = await Promise.all(answers.map((answer) => answer.json() as Promise<{ error: { message: string } }>))
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401])
    expect(new Set(bodies.map(({ error }) => error.message)).size).toBe(1)
    const attempts = stage.entries.filter(({ event_type }) => event_type === 'auth_event')
    expect(attempts).toHaveLength(3)
    expect(attempts[0]).toMatchObject({ decision: 'deny', peer: '127.0.0.1', rule: 'ingress.bad-credential' })
    expect(JSON.stringify(stage.entries)).not.toContain('yyyy')
  })
})

describe('the way to the gateway', () => {
  it('has the decision on disk before the gateway hears of it, and one entry at the end', async () => {
    let before = -1
    const stage: Stage = await stageOf({
      serve: (_, response) => {
        before = stage.entries.length
        response.end('ok')
      },
    })
    await (await ask(stage, '/v1/models?limit=5', { headers: bearer(tokens.reader) })).text()
    expect(before).toBe(1)
    expect(stage.entries[0]).toMatchObject({
      decision: 'allow',
      rule: 'ingress.may-read',
      user: 'ci_token',
      target: 'GET /v1/models',
    })
    const closing = await closingEntry(stage.entries)
    expect(closing).toMatchObject({ status: 200, bytes_out: 2, visit: stage.entries[0]!.visit })
    expect(stage.entries).toHaveLength(2)
  })

  it('is closed while the log cannot be written', async () => {
    const stage = await stageOf({ ports: { audit: { append: () => Promise.reject(new Error('disk full')) } } })
    const response = await ask(stage, '/v1/models', { headers: bearer(tokens.reader) })
    expect(response.status).toBe(503)
    expect(stage.gateway.requests).toEqual([])
  })

  it('is closed when another voice says no', async () => {
    const decide = (): { allow: boolean; rule: string; reason: string } => ({
      allow: false,
      rule: 'kill-switch.paused',
      reason: 'paused',
    })
    const stage = await stageOf({ ports: { decide } })
    expect((await ask(stage, '/v1/models', { headers: bearer(tokens.admin) })).status).toBe(403)
    expect(await closingEntry(stage.entries)).toMatchObject({ rule: 'kill-switch.paused' })
  })

  // The probe table of the dependency survey: what five proxy libraries let through.
  it('takes away every header by which a client could pretend to be somebody', async () => {
    const stage = await stageOf()
    const lies = [
      'Connection: X-Auth-User, close',
      'X-Auth-User: root',
      'Proxy-Authorization: Basic eA==',
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-User: alice',
      'X-Forwarded-Proto: https',
      'Forwarded: for=127.0.0.1',
      'X-Real-IP: 127.0.0.1',
      'X_Forwarded_For: 1.1.1.1',
      'X-OpenClaw-Scopes: operator.admin',
      'X-OpenClaw-Session-Key: other',
      'Tailscale-User-Login: alice',
      'CF-Connecting-IP: 127.0.0.1',
      'X-HTTP-Method-Override: DELETE',
      'Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'X-Hardshell-Visit: mine',
      'Keep-Alive: timeout=5',
      'TE: trailers',
      'Upgrade: h2c',
      'Cookie: hardshell=abc; theme=dark; __Host-hardshell=def',
      'X-Kept: 1',
    ]
    const own = `GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1:${stage.port}\r\nAuthorization: Bearer ${tokens.reader}\r\n`
    expect(await sendRaw(stage.port, `${own}${lies.join('\r\n')}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /)
    const [request] = stage.gateway.requests
    expect(request!.headers).toEqual({
      'x-kept': '1',
      cookie: 'theme=dark',
      host: `127.0.0.1:${stage.port}`,
      authorization: `Bearer ${gatewayToken}`,
      connection: 'keep-alive',
    })
  })

  it('hardens the headers of the reply', async () => {
    const response = await ask(await stageOf(), '/', { headers: bearer(tokens.reader) })
    const { headers } = response
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect([headers.get('server'), headers.get('x-powered-by'), headers.get('access-control-allow-origin')]).toEqual([
      null,
      null,
      null,
    ])
    expect(headers.getSetCookie()).toEqual(['other=1; Path=/'])
    expect(headers.get('x-hardshell-visit')).toMatch(/^[\w-]{16}$/)
  })

  it('keeps the policy the gateway sets for its own pages', async () => {
    const stage = await stageOf({
      serve: (_, response) => response.setHeader('content-security-policy', "default-src 'self' blob:").end(),
    })
    const response = await ask(stage, '/', { headers: bearer(tokens.reader) })
    expect(response.headers.get('content-security-policy')).toBe("default-src 'self' blob:")
  })

  it('streams the reply as it comes', async () => {
    let finish = (): void => undefined
    const stage = await stageOf({
      serve: (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
        finish = () => void response.end('data: 2\n\n')
      },
    })
    const response = await ask(stage, '/v1/x', { headers: bearer(tokens.reader) })
    const reader = response.body!.getReader()
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('data: 1\n\n')
    finish()
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('data: 2\n\n')
  })

  it('ends the request at the gateway when the client leaves', async () => {
    let left = (): void => undefined
    const gone = new Promise<void>((resolve) => (left = resolve))
    const stage = await stageOf({
      serve: (_, response) => {
        response.on('close', left)
        response.writeHead(200).write('first')
      },
    })
    const leaving = new AbortController()
    const response = await ask(stage, '/v1/x', { headers: bearer(tokens.reader), signal: leaving.signal })
    expect(response.status).toBe(200)
    leaving.abort()
    await gone
    expect(await closingEntry(stage.entries)).toMatchObject({ status: 499, decision: 'allow' })
  })

  it.each([
    ['announced', { 'content-length': '2000' }],
    ['chunked', { 'transfer-encoding': 'chunked' }],
  ])('refuses a body that is too large, %s', async (_, framing) => {
    const stage = await stageOf()
    const [[name, value]] = Object.entries(framing) as [[string, string]]
    const login = `Host: 127.0.0.1:${stage.port}\r\nAuthorization: Bearer ${tokens.writer}`
    const head = `POST /v1/x HTTP/1.1\r\n${login}\r\n${name}: ${value}\r\n\r\n`
    const body = name === 'transfer-encoding' ? `7d0\r\n${'x'.repeat(2000)}\r\n0\r\n\r\n` : 'x'.repeat(2000)
    expect(await sendRaw(stage.port, head + body)).toMatch(/^HTTP\/1\.1 413 /)
    expect(stage.gateway.requests).toEqual([])
  })

  it('passes a body on, and asks for one that waits for leave', async () => {
    const stage = await stageOf()
    const login = `Host: 127.0.0.1:${stage.port}\r\nAuthorization: Bearer ${tokens.writer}`
    const head = `POST /v1/x HTTP/1.1\r\n${login}\r\nConnection: close\r\n`
    const seen = await sendRaw(stage.port, `${head}Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello`)
    expect(seen).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /)
    expect(stage.gateway.requests).toMatchObject([{ line: 'POST /v1/x', body: 'hello' }])
  })

  it('tells a silent gateway from one that is not there', async () => {
    const silent = await stageOf({ options: { idleTimeoutMs: 300 }, serve: () => undefined })
    expect((await ask(silent, '/v1/x', { headers: bearer(tokens.reader) })).status).toBe(504)
    const gone = await stageOf()
    gone.gateway.close()
    expect((await ask(gone, '/v1/x', { headers: bearer(tokens.reader) })).status).toBe(502)
  })

  it('leaves an inner error of the gateway as it is', async () => {
    const stage = await stageOf({ serve: (_, response) => response.writeHead(500).end('internal error') })
    const response = await ask(stage, '/v1/x', { headers: bearer(tokens.reader) })
    expect([response.status, await response.text()]).toEqual([500, 'internal error'])
  })
})

describe('other sites', () => {
  const host = (port: number): string => `http://127.0.0.1:${port}`
  it.each([
    ['a foreign Host', () => ({ Host: 'evil.example' }), 403, 'ingress.host'],
    ['another port of localhost as Host', () => ({ Host: '127.0.0.1:1' }), 403, 'ingress.host'],
    ['a foreign Origin', () => ({ Origin: 'https://evil.example' }), 403, 'ingress.origin'],
    ['another port of localhost as Origin', () => ({ Origin: 'http://127.0.0.1:1' }), 403, 'ingress.origin'],
    ['a hidden Origin', () => ({ Origin: 'null' }), 403, 'ingress.origin'],
    [
      'a cross-site fetch',
      () => ({ 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'cors' }),
      403,
      'ingress.fetch-site',
    ],
    ['a fetch from another port', () => ({ 'Sec-Fetch-Site': 'same-site' }), 403, 'ingress.fetch-site'],
    [
      'a frame of another site',
      () => ({ 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' }),
      403,
      'ingress.fetch-site',
    ],
    [
      'a link from another site',
      () => ({ 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }),
      200,
      '',
    ],
    ['our own page', (port: number) => ({ Origin: host(port), 'Sec-Fetch-Site': 'same-origin' }), 200, ''],
    [
      'our page by name',
      (port: number) => ({ Host: `localhost:${port}`, Origin: `http://localhost:${port}` }),
      200,
      '',
    ],
    ['our public page', () => ({ Host: 'claw.example.com', Origin: 'https://claw.example.com' }), 200, ''],
    [
      'the public page over http',
      () => ({ Host: 'claw.example.com', Origin: 'http://claw.example.com' }),
      403,
      'ingress.origin',
    ],
  ])('%s', async (_, headersOf, status, rule) => {
    const stage = await stageOf({ options: { publicOrigins: ['https://claw.example.com'] } })
    const headers = {
      Host: `127.0.0.1:${stage.port}`,
      Authorization: `Bearer ${tokens.reader}`,
      Connection: 'close',
      ...headersOf(stage.port),
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    const seen = await sendRaw(stage.port, `GET / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    expect(seen).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    if (rule) expect(await closingEntry(stage.entries)).toMatchObject({ rule, decision: 'deny' })
  })

  it('are told apart only by origins that are origins', async () => {
    await expect(openStage({ options: { publicOrigins: ['https://claw.example.com/'] } })).rejects.toMatchObject({
      code: 'ingress.bad-origin',
    })
  })

  it('do not matter to whoever is not on the list of peers', async () => {
    const stage = await stageOf({ options: { allowedPeers: ['10.0.0.0/8'] } })
    expect((await ask(stage, '/healthz')).status).toBe(403)
    expect(await closingEntry(stage.entries)).toMatchObject({ rule: 'ingress.peer' })
  })
})

describe('whoever runs the door', () => {
  it('sees what is open and can cut it', async () => {
    const stage = await stageOf({ serve: (_, response) => void response.writeHead(200).write('first') })
    const response = await ask(stage, '/v1/x', { headers: bearer(tokens.reader) })
    expect(stage.ingress.active()).toMatchObject([{ who: 'ci_token', kind: 'http', target: 'GET /v1/x' }])
    expect(stage.ingress.cut(({ who }) => who === 'ci_token', 'token revoked')).toBe(1)
    await expect(response.text()).rejects.toThrow(/terminated/)
    expect(await closingEntry(stage.entries)).toMatchObject({
      decision: 'deny',
      rule: 'ingress.cut',
      reason: 'token revoked',
    })
  })

  it('gets it closed, whatever is still open', async () => {
    const stage = await stageOf({ serve: (_, response) => void response.writeHead(200).write('first') })
    const response = await ask(stage, '/v1/x', { headers: bearer(tokens.reader) })
    const ended = response.text().catch(() => 'cut')
    await stage.ingress.close()
    expect(await Promise.race([ended, wait(1000, 'open')])).toBe('cut')
    expect(stage.ingress.active()).toEqual([])
  })
})
