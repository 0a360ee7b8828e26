import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { openStage, sendRaw, tokens, type Stage } from './stage.fixture.ts'

const rejects = JSON.parse(readFileSync(new URL('fixtures/llhttp-rejects.json', import.meta.url), 'utf8')) as {
  id: string
  title: string
  raw: string
}[]

// Some samples are cut short: the door must not wait for the rest for long.
const impatient = { headerTimeoutMs: 300, requestTimeoutMs: 300 }

let stage: Stage
afterEach(async () => {
  await stage.ingress.close()
  stage.gateway.close()
})

/** Gives a sample our Host and a valid login, so that only what is wrong with it can be the reason to refuse. */
function loggedIn(raw: string, port: number): string {
  const fields = `Host: 127.0.0.1:${port}\r\nAuthorization: Bearer ${tokens.admin}\r\n`
  const [line = '', ...rest] = raw.split('\r\n')
  return [line, fields + rest.filter((field) => !/^host:/i.test(field)).join('\r\n')].join('\r\n')
}

describe('a malformed request', () => {
  it.each(rejects.map(({ id, title, raw }) => [`${id} ${title}`, raw] as const))(
    'never reaches the gateway: %s',
    async (_, raw) => {
      stage = await openStage({ options: impatient })
      const seen = await sendRaw(stage.port, Buffer.from(loggedIn(raw, stage.port), 'utf8'))
      expect(seen).not.toMatch(/^HTTP\/1\.1 2/)
      expect(stage.gateway.requests).toEqual([])
    },
  )

  it('is told from a good one, which does', async () => {
    stage = await openStage({ options: impatient })
    const good = 'POST /url HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'
    expect(await sendRaw(stage.port, loggedIn(good, stage.port))).toMatch(/^HTTP\/1\.1 200 /)
    expect(stage.gateway.requests).toMatchObject([{ line: 'POST /url', body: 'abc' }])
  })

  it('is seen in the log with its address', async () => {
    stage = await openStage()
    const seen = await sendRaw(stage.port, 'GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n')
    expect(seen).toMatch(/^HTTP\/1\.1 400 /)
    expect(stage.entries).toMatchObject([
      { decision: 'deny', rule: 'ingress.malformed', peer: '127.0.0.1', status: 400 },
    ])
  })
})

describe('a request two programs could read differently', () => {
  it.each([
    ['an absolute target', 'GET http://evil.example/ HTTP/1.1', '', 400, 'ingress.target'],
    ['an asterisk', 'OPTIONS * HTTP/1.1', '', 400, 'ingress.target'],
    ['a method for proxies', 'TRACE / HTTP/1.1', '', 405, 'ingress.method'],
    ['a tunnel', 'CONNECT evil.example:443 HTTP/1.1', '', 405, 'ingress.method'],
    [
      'two origins',
      'GET / HTTP/1.1',
      'Origin: http://a.example\r\nOrigin: http://b.example\r\n',
      400,
      'ingress.doubled-header',
    ],
    ['two logins', 'GET / HTTP/1.1', 'Authorization: Bearer x\r\n', 400, 'ingress.doubled-header'],
    ['two hosts', 'GET / HTTP/1.1', 'Host: evil.example\r\n', 400, 'ingress.doubled-header'],
    ['dot segments', 'GET /a/../api HTTP/1.1', '', 400, 'ingress.path'],
    ['encoded dot segments', 'GET /a/%2e%2e/api HTTP/1.1', '', 400, 'ingress.path'],
    ['doubly encoded dot segments', 'GET /a/%252e%252e%252fapi HTTP/1.1', '', 400, 'ingress.path'],
    ['a back slash', 'GET /a%5c..%5capi HTTP/1.1', '', 400, 'ingress.path'],
    ['a second host', 'GET //evil.example/ HTTP/1.1', '', 400, 'ingress.path'],
    ['a NUL', 'GET /a%00b HTTP/1.1', '', 400, 'ingress.path'],
    ['broken UTF-8', 'GET /%ff HTTP/1.1', '', 400, 'ingress.path'],
    ['a token in the URL', 'GET /?token=x HTTP/1.1', '', 400, 'ingress.token-in-url'],
    [
      'a gateway to send the token to',
      'GET /chat?a=b&gatewayUrl=wss://evil.example HTTP/1.1',
      '',
      400,
      'ingress.token-in-url',
    ],
    ['an encoded token parameter', 'GET /?%74oken=x HTTP/1.1', '', 400, 'ingress.token-in-url'],
    ['a URL without end', `GET /${'a'.repeat(9000)} HTTP/1.1`, '', 414, 'ingress.url-length'],
    ['a hundred headers', 'GET / HTTP/1.1', 'X: y\r\n'.repeat(101), 431, 'ingress.headers'],
  ])('is refused for %s', async (_, line, extra, status, rule) => {
    stage = await openStage()
    const own = `Host: 127.0.0.1:${stage.port}\r\nAuthorization: Bearer ${tokens.admin}\r\nConnection: close\r\n`
    const seen = await sendRaw(stage.port, `${line}\r\n${own}${extra}\r\n`)
    expect(seen).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(stage.entries.at(-1)).toMatchObject({ decision: 'deny', rule, status })
    expect(stage.gateway.requests).toEqual([])
  })

  it('is refused when it names no host', async () => {
    stage = await openStage()
    const seen = await sendRaw(stage.port, 'GET / HTTP/1.0\r\n\r\n')
    expect(seen).toMatch(/^HTTP\/1\.1 400 /)
    expect(stage.entries.at(-1)).toMatchObject({ rule: 'ingress.no-host' })
  })
})
