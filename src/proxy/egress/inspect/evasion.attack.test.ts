import type { RequestListener } from 'node:http'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { dial, heard, openInspectStage, realToken, requestText, say, someSecret, type InspectStage } from './stage.fixture.ts'

let stage: InspectStage
afterEach(async () => await stage.close())

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0)
const ruleOf = (answer: string): string | undefined => /x-hardshell-rule: (\S+)/.exec(answer)?.[1]
const bearer = (): Record<string, string> => ({ authorization: `Bearer ${stage.inspection.sentinels[0]!.text}` })

describe('a request that asks the origin to take it for another never leaves', () => {
  const limited = { hosts: [{ host: 'api.example.com', methods: ['GET' as const, 'POST' as const], paths: ['/mine'] }] }
  it.each<[string, string, Record<string, string>]>([
    ['by a header', '/mine', { 'X-HTTP-Method-Override': 'DELETE' }],
    ['by the header of OData', '/mine', { 'x-http-method': 'merge' }],
    ['by the third of them', '/mine', { 'X-Method-Override': ' delete' }],
    ['as CGI reads it', '/mine', { 'x_http_method_override': 'DELETE' }],
    ['by its query', '/mine?a=b&_method=delete', {}],
    ['by its query, percent-encoded', '/mine?%5Fmethod=%44ELETE', {}],
    ["by Google's query", '/mine?$httpMethod=DELETE', {}],
    ['by another path', '/mine', { 'X-Original-URL': '/theirs' }],
    ['by another path, rewritten', '/mine', { 'x-rewrite-url': '/theirs' }],
  ])('%s', async (_how, path, headers) => {
    stage = await openInspectStage(limited)
    const answer = await say(stage, requestText('POST', path, headers, 'x'))
    expect([statusOf(answer), ruleOf(answer)]).toEqual([403, 'egress.override'])
    expect(stage.origin.requests).toEqual([])
  })

  it('and one that asks for what it may passes', async () => {
    stage = await openInspectStage(limited)
    expect(statusOf(await say(stage, requestText('POST', '/mine?_method=get', { 'x-http-method-override': 'GET' }, 'x')))).toBe(200)
  })
})

describe('what hides beside a packed body does not leave unread', () => {
  const skippable = Buffer.concat([Buffer.from('502a4d1801000000', 'hex'), Buffer.from('x')])
  it.each<[string, string, (secret: string) => Buffer]>([
    ['behind gzip', 'gzip', (secret) => Buffer.concat([gzipSync('hello'), Buffer.from(secret)])],
    ['behind deflate', 'deflate', (secret) => Buffer.concat([deflateSync('hello'), Buffer.from(secret)])],
    ['behind brotli', 'br', (secret) => Buffer.concat([brotliCompressSync('hello'), Buffer.from(secret)])],
    ['behind zstd', 'zstd', (secret) => Buffer.concat([zstdCompressSync('hello'), Buffer.from(secret)])],
    ['in a second frame of zstd, which every other reader reads', 'zstd', (secret) => Buffer.concat([zstdCompressSync('hello'), zstdCompressSync(secret)])],
    ['behind a frame to be skipped', 'zstd', (secret) => Buffer.concat([skippable, zstdCompressSync(secret)])],
    ['in a second member of gzip', 'gzip', (secret) => Buffer.concat([gzipSync('hello'), gzipSync(secret)])],
  ])('%s', async (_where, coding, pack) => {
    stage = await openInspectStage()
    const answer = await say(stage, requestText('POST', '/', { 'content-encoding': coding }, pack(someSecret)))
    expect(ruleOf(answer)).toMatch(/^egress\.(broken-body|secret)$/)
    expect(stage.origin.requests).toEqual([])
  })

  it('and one that is packed well passes as it is', async () => {
    stage = await openInspectStage()
    expect(statusOf(await say(stage, requestText('POST', '/', { 'content-encoding': 'zstd' }, zstdCompressSync('hello'))))).toBe(200)
  })
})

describe('an origin that says what it was given', () => {
  const said = (request: Parameters<RequestListener>[0]): string => String(request.headers.authorization)
  const packers: Record<string, (text: string) => Buffer> = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync }
  const cases: Record<string, RequestListener> = {
    'in a refusal': (request, response) => void response.writeHead(401, { 'content-type': 'text/html' }).end(`<b>bad token: ${said(request)}</b>`),
    'in pieces of one letter': (request, response) => {
      for (const letter of `{"x":"${said(request)}"}`) response.write(letter)
      response.end()
    },
    'in a Location, a cookie and a header of its own': (request, response) => void response.writeHead(302, { location: `/login?t=${encodeURIComponent(said(request))}`, 'set-cookie': [`a=${said(request).slice(7)}`, 'b=1'], 'x-echo': Buffer.from(said(request)).toString('base64') }).end(),
    'in a trailer': (request, response) => {
      response.writeHead(200, { trailer: 'x-echo' }).write('ok')
      response.addTrailers({ 'x-echo': said(request) })
      response.end()
    },
    'in hints ahead of the answer': (request, response) => {
      response.writeEarlyHints({ link: `</${said(request).slice(7)}>; rel=preload` })
      response.end('ok')
    },
    'in the words behind the status': (request, response) => void response.writeHead(200, said(request)).end('ok'),
    'in bytes it calls an image': (request, response) => void response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.concat([Buffer.from([0x89, 0, 255]), Buffer.from(said(request))])),
    ...Object.fromEntries(Object.entries(packers).map(([coding, pack]): [string, RequestListener] => [`packed, ${coding}`, (request, response) => void response.writeHead(500, { 'content-encoding': coding, 'content-type': 'application/json' }).end(pack(`{"auth":"${said(request)}"}`))])),
  }
  it.each(Object.entries(cases))('is not heard by the agent: %s', async (_how, answer) => {
    stage = await openInspectStage({ answer })
    const heardText = await say(stage, requestText('GET', '/', bearer()))
    expect(statusOf(heardText)).toBeGreaterThanOrEqual(200)
    expect(stage.origin.requests[0]!.headers.authorization).toBe(`Bearer ${realToken}`)
    for (const form of [realToken, Buffer.from(`Bearer ${realToken}`).toString('base64').slice(12, -4), encodeURIComponent(realToken)]) expect(heardText).not.toContain(form)
    expect(JSON.stringify(stage.entries)).not.toContain(realToken)
  })

  it.each(['HEAD', 'GET'])('answers without a body keep the connection in step: %s', async (method) => {
    const status: Record<string, number> = { '/none': 204, '/same': 304 }
    stage = await openInspectStage({ answer: (request, response) => void response.writeHead(status[request.url!] ?? 200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' }).end(status[request.url!] ? undefined : gzipSync('body')) })
    const socket = await dial(stage)
    const requests = ['/none', '/same', ...(method === 'HEAD' ? ['/full'] : [])].map((path) => requestText(method, path, { connection: 'keep-alive' }))
    const text = await heard(socket, () => socket.write(Buffer.concat([...requests, requestText('GET', '/last')])))
    expect([...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, code]) => code)).toEqual(['204', '304', ...(method === 'HEAD' ? ['200'] : []), '200'])
    expect(text).toContain('body')
  })
})

describe('a path that only some systems read as a climb is refused', () => {
  it.each(['/mine/..%20/theirs', '/mine/%20../theirs', '/mine/%EF%BC%852e%EF%BC%852e/theirs', '/mine/%E2%80%A5/theirs', '/mine/%E2%80%A4%E2%80%A4/theirs', '/mine/..%09/theirs'])('%s', async (path) => {
    stage = await openInspectStage({ hosts: [{ host: 'api.example.com', paths: ['/mine'] }] })
    expect(ruleOf(await say(stage, requestText('GET', path)))).toMatch(/^egress\.(path|odd-path)$/)
    expect(stage.origin.requests).toEqual([])
  })
})

it('bodies that break off in the middle leave room for those that come whole', async () => {
  stage = await openInspectStage({ options: { maxHeldBytes: 100_000 } })
  for (let i = 0; i < 4; i++) {
    const socket = await dial(stage)
    const gone = heard(socket, () => socket.write(requestText('POST', '/', { 'content-length': '90000' }, Buffer.alloc(60_000, 'a'))))
    setImmediate(() => socket.end())
    await gone
  }
  expect(statusOf(await say(stage, requestText('POST', '/', {}, Buffer.alloc(90_000, 'a'))))).toBe(200)
})

it('bodies that were carried leave room for the next', async () => {
  stage = await openInspectStage({ options: { maxHeldBytes: 100_000 } })
  for (let i = 0; i < 4; i++) expect(statusOf(await say(stage, requestText('POST', '/', {}, Buffer.alloc(90_000, 'a'))))).toBe(200)
})

it('an origin that says what it was given is not heard in slices', async () => {
  const answer: RequestListener = (request, response) => {
    const whole = String(request.headers.authorization)
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? []
    response.writeHead(from ? 206 : 200).end(from ? whole.slice(Number(from), Number(to) + 1) : whole)
  }
  stage = await openInspectStage({ answer })
  const slice = await say(stage, requestText('GET', '/', { ...bearer(), range: 'bytes=7-10' }))
  expect([statusOf(slice), slice.includes(realToken.slice(0, 4)), slice.includes('[redacted]')]).toEqual([200, false, true])
})
