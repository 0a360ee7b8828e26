import { createHash, createPublicKey, verify } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { allowedScopes, grants } from './permissions.ts'
import {
  bearer,
  closingEntry,
  connect,
  gatewayToken,
  openClient,
  openStage,
  tokens,
  type Stage,
} from './stage.fixture.ts'

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

const everything = ['operator.admin', 'operator.read', 'operator.write', 'operator.approvals', 'operator.pairing']

describe('a WebSocket', () => {
  it.each([
    [tokens.reader, ['operator.read']],
    [tokens.writer, ['operator.read', 'operator.write']],
    [tokens.admin, everything],
  ])('of %s reaches the gateway with the scopes %j and the gateway token', async (token, scopes) => {
    const stage = await stageOf()
    const client = openClient(stage.port)
    const answer = await connect(client, { scopes: everything, auth: { token } })
    expect(answer).toMatchObject({ type: 'res', id: 'c1', ok: true })
    expect(stage.gateway.connects).toMatchObject([
      { scopes, role: 'operator', auth: { token: gatewayToken }, client: { platform: 'Linux' } },
    ])
    expect(JSON.stringify(stage.gateway.connects)).not.toContain(token)
  })

  it('keeps the tokens of our own device to itself and tells the frame limit in force', async () => {
    const stage = await stageOf()
    const answer = await connect(openClient(stage.port), { scopes: [], auth: { token: tokens.admin } })
    expect(answer.payload).toEqual({ type: 'hello-ok', auth: { scopes: [] }, policy: { maxPayload: 16_777_216 } })
  })

  it('logged in over HTTP needs no token in its first frame, and the one there does not count', async () => {
    const stage = await stageOf()
    const client = openClient(stage.port, bearer(tokens.reader))
    expect(await connect(client, { scopes: everything, auth: { token: tokens.admin } })).toMatchObject({ ok: true })
    expect(stage.gateway.connects).toMatchObject([{ scopes: ['operator.read'] }])
    expect(stage.entries[0]).toMatchObject({ decision: 'allow', user: 'ci_token' })
  })

  it.each([{ auth: { token: 'wrong' } }, {}, { auth: 'x' }, { auth: { deviceToken: tokens.admin } }])(
    'with %j is turned away and unknown to the gateway',
    async (params) => {
      const stage = await stageOf()
      const client = openClient(stage.port)
      const answer = await connect(client, params)
      expect(answer).toMatchObject({ ok: false, error: { details: { code: 'AUTH_TOKEN_MISMATCH' } } })
      expect((await client.closed).code).toBe(1008)
      expect(await closingEntry(stage.entries)).toMatchObject({ decision: 'deny', rule: 'ingress.bad-credential' })
      expect(stage.gateway.nonces).toEqual([])
    },
  )

  it.each([
    ['another request', JSON.stringify({ type: 'req', id: '1', method: 'config.get', params: {} })],
    ['no JSON', 'hello'],
    ['a binary frame', Buffer.from([1, 2, 3])],
  ])('that begins with %s is closed', async (_, first) => {
    const stage = await stageOf()
    const client = openClient(stage.port, bearer(tokens.admin))
    await client.frame(0)
    client.socket.send(first)
    expect((await client.closed).code).toBe(1008)
    expect(await closingEntry(stage.entries)).toMatchObject({ rule: 'ingress.no-connect' })
    expect(stage.gateway.nonces).toEqual([])
  })

  it('may only be an operator', async () => {
    const stage = await stageOf()
    const answer = await connect(openClient(stage.port), { role: 'node', auth: { token: tokens.admin } })
    expect(answer).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } })
    expect(await closingEntry(stage.entries)).toMatchObject({ rule: 'ingress.role' })
  })

  it('with a device is signed for by ours, over the challenge of the gateway', async () => {
    const stage = await stageOf()
    const device = { id: 'theirs', publicKey: 'x', signature: 'x', signedAt: 1, nonce: 'x' }
    await connect(openClient(stage.port), { scopes: ['operator.read'], device, auth: { token: tokens.reader } })
    const [params] = stage.gateway.connects as { client: { platform: string }; device: Record<string, string> }[]
    const { id, publicKey, signature, nonce } = params!.device
    expect(id).toBe(createHash('sha256').update(Buffer.from(publicKey!, 'base64url')).digest('hex'))
    expect(nonce).toBe(stage.gateway.nonces[0])
    const text = [
      'v3',
      id,
      'cli',
      'cli',
      'operator',
      'operator.read',
      1_737_264_000_000,
      gatewayToken,
      nonce,
      'hardshell',
      '',
    ].join('|')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey! }, format: 'jwk' })
    expect(verify(null, Buffer.from(text), key, Buffer.from(signature!, 'base64url'))).toBe(true)
    expect(params!.client.platform).toBe('hardshell')
  })

  it('has a device of its own for every credential, and always the same', async () => {
    const stage = await stageOf()
    for (const token of [tokens.reader, tokens.admin, tokens.reader])
      await connect(openClient(stage.port), { device: {}, auth: { token } })
    const [first, second, third] = stage.gateway.connects.map((params) => (params.device as { id: string }).id)
    expect(first).toBe(third)
    expect(first).not.toBe(second)
  })

  it('relays frames untouched and in order, text and binary', async () => {
    const stage = await stageOf()
    const client = openClient(stage.port)
    await connect(client, { auth: { token: tokens.writer } })
    const sent = Array.from(
      { length: 50 },
      (_, n) => `{"type":"req", "id":"${n}","method":"echo","params":{"text":"${'x'.repeat(n)}"}}`,
    )
    for (const text of sent) client.socket.send(text)
    await client.frame(51)
    expect(client.frames.slice(2)).toEqual(sent)
    const binary = new Promise<[Buffer, boolean]>((resolve) =>
      client.socket.once('message', (data, isBinary) => resolve([data as Buffer, isBinary])),
    )
    client.socket.send(Buffer.from([0, 255]))
    expect(await binary).toEqual([Buffer.from([0, 255]), true])
  })

  it('loses no frame that came before the gateway was there', async () => {
    const stage = await stageOf()
    const client = openClient(stage.port)
    await client.frame(0)
    client.socket.send(
      JSON.stringify({ type: 'req', id: 'c1', method: 'connect', params: { auth: { token: tokens.writer } } }),
    )
    client.socket.send('{"type":"req","id":"2","method":"early"}')
    expect(await client.frame(2)).toMatchObject({ id: '2', method: 'early' })
  })

  it('survives megabytes against a slow reader', async () => {
    const stage = await stageOf()
    const client = openClient(stage.port)
    await connect(client, { auth: { token: tokens.writer } })
    const text = JSON.stringify({ type: 'req', id: 'big', method: 'echo', params: { text: 'x'.repeat(1_000_000) } })
    client.socket.pause()
    for (let n = 0; n < 8; n++) client.socket.send(text)
    client.socket.resume()
    await client.frame(9)
    expect(client.frames.slice(2).every((frame) => frame === text)).toBe(true)
  })

  it('hears how the other side closed', async () => {
    const stage = await stageOf()
    const first = openClient(stage.port)
    await connect(first, { auth: { token: tokens.writer } })
    stage.gateway.sockets[0]!.close(1012, 'service restart')
    expect(await first.closed).toEqual({ code: 1012, reason: 'service restart' })
    const second = openClient(stage.port)
    await connect(second, { auth: { token: tokens.writer } })
    const heard = new Promise((resolve) =>
      stage.gateway.sockets[1]!.on('close', (code, reason) => resolve([code, String(reason)])),
    )
    second.socket.close(4001, 'bye')
    expect(await heard).toEqual([4001, 'bye'])
  })

  it('is told when the gateway dies or is not there', async () => {
    const stage = await stageOf()
    const first = openClient(stage.port)
    await connect(first, { auth: { token: tokens.writer } })
    stage.gateway.sockets[0]!.terminate()
    expect((await first.closed).code).toBe(1011)
    stage.gateway.close()
    const second = openClient(stage.port, bearer(tokens.writer))
    await second.frame(0)
    second.socket.send(JSON.stringify({ type: 'req', id: 'c1', method: 'connect', params: {} }))
    expect(await second.closed).toEqual({ code: 1013, reason: 'the gateway cannot be reached' })
  })

  it('is cut with a reason', async () => {
    const stage = await stageOf()
    const client = openClient(stage.port)
    await connect(client, { auth: { token: tokens.writer } })
    expect(stage.ingress.active()).toMatchObject([{ kind: 'websocket', who: 'bot' }])
    stage.ingress.cut(({ kind }) => kind === 'websocket', 'paused by the operator')
    expect(await client.closed).toEqual({ code: 1008, reason: 'paused by the operator' })
    expect(await closingEntry(stage.entries)).toMatchObject({ decision: 'deny', rule: 'ingress.cut' })
  })

  it('ends with the logout of the session it rests on', async () => {
    const stage = await stageOf()
    const origin = `http://127.0.0.1:${stage.port}`
    const login = await fetch(`${origin}/hardshell/login`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ token: tokens.writer }),
      headers: { origin },
    })
    const cookie = login.headers.getSetCookie()[0]!.split(';')[0]!
    expect((await openClient(stage.port, { cookie }).closed).code).toBe(1006) // no Origin
    const client = openClient(stage.port, { cookie, origin })
    expect(await connect(client)).toMatchObject({ ok: true })
    await fetch(`${origin}/hardshell/logout`, { method: 'POST', redirect: 'manual', headers: { cookie, origin } })
    expect(await client.closed).toEqual({ code: 1008, reason: 'logged out' })
  })

  it('from another site does not even open', async () => {
    const stage = await stageOf()
    const client = openClient(stage.port, { origin: 'https://evil.example', ...bearer(tokens.admin) })
    expect((await client.closed).code).toBe(1006)
    expect(await closingEntry(stage.entries)).toMatchObject({ rule: 'ingress.origin', status: 403 })
  })

  it('is closed while the log cannot be written, before the gateway hears of it', async () => {
    const stage = await stageOf({ ports: { audit: { append: () => Promise.reject(new Error('disk full')) } } })
    const client = openClient(stage.port, bearer(tokens.admin))
    await client.frame(0)
    client.socket.send(JSON.stringify({ type: 'req', id: 'c1', method: 'connect', params: {} }))
    expect((await client.closed).code).toBe(1013)
    expect(stage.gateway.nonces).toEqual([])
  })

  it('that says too much before its login is cut off', async () => {
    const stage = await stageOf()
    const client = openClient(stage.port)
    await client.frame(0)
    client.socket.send('x'.repeat(200_000))
    expect((await client.closed).code).toBe(1006)
    expect(stage.gateway.nonces).toEqual([])
  })
})

describe('permissions', () => {
  it('include those below, and unknown words grant nothing', () => {
    expect(grants({ name: 'x', permissions: ['admin'] }, 'read')).toBe(true)
    expect(grants({ name: 'x', permissions: ['read'] }, 'write')).toBe(false)
    expect(grants({ name: 'x', permissions: ['root', '*'] }, 'read')).toBe(false)
  })

  it('never widen what a client asked for', () => {
    expect(allowedScopes({ name: 'x', permissions: ['admin'] }, ['operator.read'])).toEqual(['operator.read'])
    expect(allowedScopes({ name: 'x', permissions: ['admin'] }, ['operator.read,operator.admin', 'node.x', 7])).toEqual(
      [],
    )
    expect(allowedScopes({ name: 'x', permissions: ['write'] }, undefined)).toEqual([])
    expect(allowedScopes({ name: 'x', permissions: [] }, ['operator.read'])).toEqual([])
  })
})
