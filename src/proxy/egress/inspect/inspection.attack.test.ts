import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { createLeaves } from './leaves.ts'
import { dial, heard, openInspectStage, realToken, requestText, say, type InspectStage } from './stage.fixture.ts'

let stage: InspectStage
afterEach(async () => await stage.close())

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0)
const ruleOf = (answer: string): string | undefined => /x-hardshell-rule: (\S+)/.exec(answer)?.[1]
const own = (): string => stage.inspection.sentinels[0]!.text
const foreign = (): string => stage.inspection.sentinels[1]!.text

const twoHosts = { hosts: [{ host: 'api.example.com', credentials: [{ secret: 'API_TOKEN' }] }, { host: 'other.example.com', credentials: [{ secret: 'API_TOKEN', header: 'x-api-key' }] }] }

describe('a sentinel out of its place is refused and told the operator', () => {
  it.each([
    ["another host's, in its own header", () => requestText('GET', '/', { 'x-api-key': foreign() })],
    ["another host's, in ours", () => requestText('GET', '/', { authorization: `Bearer ${foreign()}` })],
    ["another host's, in a login", () => requestText('GET', '/', { authorization: `Basic ${Buffer.from(`u:${foreign()}`).toString('base64')}` })],
    ['in another header', () => requestText('GET', '/', { 'x-note': own() })],
    ['in a cookie', () => requestText('GET', '/', { cookie: `a=${own()}` })],
    ['in the name of a header', () => requestText('GET', '/', { [own()]: 'x' })],
    ['in the path', () => requestText('GET', `/${own()}`)],
    ['in the query', () => requestText('GET', `/?a=${own()}`)],
    ['in the query, percent-encoded', () => requestText('GET', `/?a=${[...own()].map((char) => `%${char.charCodeAt(0).toString(16)}`).join('')}`)],
    ['in the body', () => requestText('POST', '/', {}, own())],
    ['in the body, as base64', () => requestText('POST', '/', {}, Buffer.from(`token=${own()}`).toString('base64'))],
    ['in the body, in hex', () => requestText('POST', '/', {}, Buffer.from(own()).toString('hex'))],
    ['in the body, backwards', () => requestText('POST', '/', {}, [...own()].reverse().join(''))],
    ['in the body, shouted', () => requestText('POST', '/', {}, own().toUpperCase())],
    ['in the body, as UTF-16', () => requestText('POST', '/', {}, Buffer.from(own(), 'utf16le'))],
    ['in the body, JSON-escaped', () => requestText('POST', '/', {}, `"${[...own()].map((char) => `\\u00${char.charCodeAt(0).toString(16)}`).join('')}"`)],
    ['the first half of it', () => requestText('POST', '/', {}, own().slice(0, 27))],
    ['the second half of it', () => requestText('POST', '/', {}, own().slice(27))],
    ['cut over two headers', () => requestText('GET', '/', { 'x-a': own().slice(0, 20), 'x-b': own().slice(20) })],
    ['cut over chunks', () => chunked(own())],
    ['made up', () => requestText('POST', '/', {}, 'hssentinel_AAAA')],
  ])('%s', async (_where, text) => {
    stage = await openInspectStage(twoHosts)
    const answer = await say(stage, text())
    expect([statusOf(answer), ruleOf(answer)]).toEqual([403, 'egress.sentinel'])
    expect(stage.origin.requests).toEqual([])
    expect(stage.entries).toMatchObject([{ event_type: 'alert', severity: 'high', rule: 'egress.sentinel' }, { decision: 'deny', rule: 'egress.sentinel' }])
  })

  it('even where secrets are allowed; and beside its place it does not hide another', async () => {
    stage = await openInspectStage({ hosts: [{ host: 'api.example.com', secrets: 'allow', credentials: [{ secret: 'API_TOKEN' }] }] })
    expect(ruleOf(await say(stage, requestText('POST', '/', { authorization: `Bearer ${own()}` }, own())))).toBe('egress.sentinel')
    expect(stage.origin.requests).toEqual([])
  })
})

function chunked(text: string): Buffer {
  const chunks = [...text].map((char) => `1\r\n${char}\r\n`).join('')
  return Buffer.from(`POST / HTTP/1.1\r\nhost: api.example.com\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`)
}

describe('a request two readers could read differently never leaves', () => {
  const head = 'POST / HTTP/1.1\r\nhost: api.example.com\r\n'
  it.each([
    ['two lengths', `${head}content-length: 5\r\ncontent-length: 6\r\n\r\nhello`],
    ['a length beside chunks', `${head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nhost: api.example.com\r\n\r\n`],
    ['a coding in disguise', `${head}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['a coding after a tab', `${head}transfer-encoding:\tchunked, identity\r\n\r\n0\r\n\r\n`],
    ['a space before the colon', `${head}content-length : 5\r\n\r\nhello`],
    ['a folded line', `${head}x-a: b\r\n c\r\n\r\n`],
    ['a bare line feed', 'GET / HTTP/1.1\nhost: api.example.com\n\n'],
    ['two hosts', `${head}host: other.example.com\r\n\r\n`],
    ['an absolute target', 'GET https://other.example.com/ HTTP/1.1\r\nhost: api.example.com\r\n\r\n'],
    ['a target for the proxy', 'CONNECT other.example.com:443 HTTP/1.1\r\nhost: api.example.com\r\n\r\n'],
    ['a chunk with a bad size', `${head}transfer-encoding: chunked\r\n\r\n5;x\nhello\r\n0\r\n\r\n`],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['HTTP/1.0', 'GET / HTTP/1.0\r\nhost: api.example.com\r\n\r\n'],
    ['a head without end', `${head}${'x-a: b\r\n'.repeat(10_000)}`],
    ['one long header', `${head}x-a: ${'b'.repeat(70_000)}\r\n\r\n`],
  ])('%s', async (_how, text) => {
    stage = await openInspectStage()
    const answer = await say(stage, text)
    expect(statusOf(answer)).toBeGreaterThanOrEqual(400)
    expect(stage.origin.requests).toEqual([])
  })

  it('and what stands behind a body is the next request, judged like the first', async () => {
    stage = await openInspectStage({ hosts: [{ host: 'api.example.com', paths: ['/mine'] }] })
    const smuggled = requestText('GET', '/theirs').toString()
    const answer = await say(stage, requestText('POST', '/mine', { connection: 'keep-alive', 'content-length': '0' }).toString() + smuggled)
    expect(stage.origin.requests.map(({ url }) => url)).toEqual(['/mine'])
    expect(answer).toContain('x-hardshell-rule: egress.path')
  })
})

describe('a name that is not the one the tunnel was opened for', () => {
  it.each(['other.example.com', 'api.example.com:8443', 'api.example.com.evil.example', 'API.EXAMPLE.COM.:80', '127.0.0.1'])('in the Host header is misdirected: %s', async (host) => {
    stage = await openInspectStage()
    const answer = await say(stage, requestText('GET', '/', { host }))
    expect([statusOf(answer), ruleOf(answer)]).toEqual([421, 'egress.host-mismatch'])
    expect(stage.origin.requests).toEqual([])
  })

  it('in the handshake gets a certificate for the admitted name, which its own client refuses', async () => {
    stage = await openInspectStage()
    await expect(dial(stage, { servername: 'other.example.com' })).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  })

  it('a client without a name gets no certificate', async () => {
    stage = await openInspectStage()
    const socket = connectTls({ host: '127.0.0.1', port: stage.port, ca: stage.inspection.certificate })
    const code = await new Promise((resolve) => socket.on('error', (error) => resolve('code' in error && error.code)).on('secureConnect', () => resolve('connected')))
    expect(code).toMatch(/HANDSHAKE_FAILURE|ECONNRESET/)
    expect(stage.settled).toMatchObject([{ allow: false, rule: 'egress.client-tls' }])
  })
})

describe('the handshake', () => {
  it('is refused for a client that speaks HTTP/2 only', async () => {
    stage = await openInspectStage()
    await expect(dial(stage, { ALPNProtocols: ['h2'] })).rejects.toMatchObject({ code: expect.stringContaining('NO_APPLICATION_PROTOCOL') })
  })

  it('chooses HTTP/1.1 for one that speaks both', async () => {
    stage = await openInspectStage()
    const socket = await dial(stage, { ALPNProtocols: ['h2', 'http/1.1'] })
    expect(socket.alpnProtocol).toBe('http/1.1')
    socket.destroy()
  })

  it('is not repeated inside a connection', async () => {
    stage = await openInspectStage()
    const socket = await dial(stage, { maxVersion: 'TLSv1.2' })
    const outcome = await new Promise((resolve) => {
      socket.on('error', () => resolve('refused')).on('close', () => resolve('refused'))
      socket.renegotiate({}, (error) => resolve(error ? 'refused' : 'renegotiated'))
    })
    expect(outcome).toBe('refused')
    socket.destroy()
  })

  it('takes no older version', async () => {
    stage = await openInspectStage()
    await expect(dial(stage, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toThrow(/protocol version/)
  })

  it('that is not finished in time is ended', async () => {
    stage = await openInspectStage({ options: { handshakeTimeoutMs: 50 } })
    const socket = connect({ port: stage.port, host: '127.0.0.1' })
    // A record that announces more than comes.
    await heard(socket, () => socket.write(Buffer.from('16030102000100', 'hex')))
    expect(stage.settled).toMatchObject([{ rule: 'egress.client-tls' }])
  })

  it('that is no handshake is ended', async () => {
    stage = await openInspectStage()
    const socket = connect({ port: stage.port, host: '127.0.0.1' })
    await heard(socket, () => socket.write('GET / HTTP/1.1\r\n\r\n'))
    expect(stage.settled).toMatchObject([{ rule: 'egress.client-tls' }])
  })

  it('a client that does not trust the authority is told as such in the log', async () => {
    stage = await openInspectStage()
    await expect(dial(stage, { ca: [] })).rejects.toThrow(/unable to verify/)
    await expect.poll(() => stage.settled).toMatchObject([{ reason: expect.stringContaining('hardshell egress ca') }])
  })
})

it('names without end below a wildcard do not fill the memory', async () => {
  stage = await openInspectStage()
  let issued = 0
  const leaf = { cert: '', key: '', expiresAtMs: Date.now() + 86_400_000 }
  const leaves = createLeaves({ issue: () => (issued++, { ...leaf, cert: undefined, key: undefined } as never) }, { clock: { now: () => Date.now(), monotonicMs: () => 0 } })
  for (let i = 0; i < 1000; i++) leaves.contextFor(`n${i}.wild.example.com`)
  leaves.contextFor('n999.wild.example.com')
  expect([leaves.size, issued]).toEqual([256, 1000])
})

it('nothing of a request, a secret or a key stands in any entry or refusal', async () => {
  stage = await openInspectStage(twoHosts)
  const answers = [
    await say(stage, requestText('GET', `/?token=${own()}`)),
    await say(stage, requestText('GET', '/', { authorization: `Bearer ${own()}` })),
    await say(stage, requestText('GET', `/${'a'.repeat(3000)}`)),
  ]
  const written = JSON.stringify([answers, stage.entries, stage.settled])
  expect(written).not.toContain(realToken)
  expect(written).not.toContain(own())
  expect(written).not.toMatch(/PRIVATE KEY/)
  expect(stage.entries.at(-1)!.target!.length).toBeLessThan(250)
})
