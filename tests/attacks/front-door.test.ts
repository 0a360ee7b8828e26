import { connect } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import { operatorToken } from '../journeys/chat.ts'
import { ensureProven } from '../journeys/installation.ts'
import { entryThat, logLength, readLog } from '../journeys/log.ts'
import { sharedInstallation } from '../journeys/shared.ts'
import { knownToGateway } from './gateway-config.ts'

const shared = sharedInstallation()
const base = `http://127.0.0.1:${shared.ports.ingress}`
beforeAll(async () => void (await ensureProven(shared)))

const ask = async (path: string, headers: Record<string, string> = {}): Promise<Response> => await fetch(`${base}${path}`, { headers, redirect: 'manual' })

describe('the front door', () => {
  it('takes no token from a URL, and does not write it into the log either', async () => {
    const token = operatorToken(shared)
    const since = logLength(shared.log)
    for (const path of [`/v1/models?token=${token}`, `/?token=${token}`, `/v1/models?access_token=${token}`]) {
      expect((await ask(path)).status, path.replace(token, '…')).toBe(400)
    }
    await entryThat(shared.log, since, (e) => e.event_type === 'api_request' && e.decision === 'deny' && e.rule === 'ingress.token-in-url')
    expect((await ask('/v1/models')).status, 'and without any').toBe(401)
    expect((await ask('/v1/models', { authorization: `Bearer ${token}` })).status, 'in its header it counts').toBe(200)
    expect(JSON.stringify(readLog(shared.log))).not.toContain(token)
  })

  it('believes nobody who says a proxy vouched for him', async () => {
    const claims = {
      'x-forwarded-user': 'owner@example.com',
      'x-openclaw-scopes': 'operator.admin',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'https',
      'tailscale-user-login': 'owner@example.com',
      'x-real-ip': '127.0.0.1',
    }
    const since = logLength(shared.log)
    expect((await ask('/v1/models', claims)).status).toBe(401)
    await entryThat(shared.log, since, (e) => e.event_type === 'api_request' && e.decision === 'deny' && e.rule === 'ingress.bad-credential')
  })

  it("does not know the gateway's own token, which an agent may have read", async () => {
    const since = logLength(shared.log)
    const { gatewayToken, virtualKey } = knownToGateway(shared)
    for (const stolen of [gatewayToken, virtualKey]) {
      expect((await ask('/v1/models', { authorization: `Bearer ${stolen}` })).status).toBe(401)
      expect((await rpcOverHttp(stolen)).status).toBe(401)
    }
    await entryThat(shared.log, since, (e) => e.event_type === 'auth_event' && e.decision === 'deny')
  })

  it.each([
    ['a foreign origin', { origin: 'https://evil.example' }, 'ingress.origin'],
    ['a foreign host name, as DNS rebinding has it', { host: 'evil.example' }, 'ingress.host'],
    ['a request another site made the browser send', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }, 'ingress.fetch-site'],
    ['the null origin of a sandboxed frame', { origin: 'null' }, 'ingress.origin'],
  ])('refuses %s, whoever is logged in', async (_, headers, rule) => {
    const since = logLength(shared.log)
    const { status } = await rawRequest({ authorization: `Bearer ${operatorToken(shared)}`, ...headers })
    expect(status).toBe(403)
    // The pulse is at the door too, once a minute, and is turned away for another reason.
    const entry = await entryThat(shared.log, since, (e) => e.event_type === 'api_request' && e.rule === rule)
    expect(entry.decision).toBe('deny')
  })

  it('lets a WebSocket without a login say who it is, and hears nothing else from it', async () => {
    const since = logLength(shared.log)
    const stranger = await rpc({})
    expect(stranger).toMatchObject({ ok: false, closed: 1008 })
    const forged = await rpc({ token: knownToGateway(shared).gatewayToken })
    expect(forged).toMatchObject({ ok: false, closed: 1008 })
    await entryThat(shared.log, since, (e) => e.decision === 'deny' && e.rule === 'ingress.bad-credential')
    const impatient = await rpc({ first: { type: 'req', id: '1', method: 'config.get', params: {} } })
    expect(impatient).toMatchObject({ ok: false, closed: 1008 })
  })

  it('refuses a WebSocket from another site before it says a word', async () => {
    const { status } = await rawRequest({
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.from('0123456789abcdef').toString('base64'),
      origin: 'https://evil.example',
    })
    expect(status).toBe(403)
  })

  it('lets the operator in by WebSocket, as the client of a person does', async () => {
    expect(await rpc({ token: operatorToken(shared) })).toMatchObject({ ok: true })
  })
})

async function rpcOverHttp(token: string): Promise<Response> {
  return await fetch(`${base}/api/v1/admin/rpc`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ method: 'config.get', params: {} }),
  })
}

/** A request with headers that `fetch` would not let us forge. */
function rawRequest(headers: Record<string, string>): Promise<{ status: number }> {
  const lines = Object.entries({ host: `127.0.0.1:${shared.ports.ingress}`, ...headers }).map(([name, value]) => `${name}: ${value}`)
  return new Promise((resolve, reject) => {
    const socket = connect(shared.ports.ingress, '127.0.0.1')
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')))
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      socket.destroy()
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(String(chunk))?.[1]) })
    })
    socket.write(`GET /v1/models HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  })
}

/** Connects as an operator with every scope; tells whether the hello came, or how the door closed. */
function rpc({ token, first }: { token?: string; first?: object }): Promise<{ ok: boolean; closed?: number }> {
  const connectFrame = {
    type: 'req',
    id: '1',
    method: 'connect',
    params: {
      minProtocol: 4,
      maxProtocol: 4,
      client: { id: 'gateway-client', version: '1.0.0', platform: 'linux', mode: 'backend' },
      role: 'operator',
      scopes: ['operator.admin', 'operator.read', 'operator.write'],
      caps: [],
      ...(token && { auth: { token } }),
    },
  }
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${shared.ports.ingress}/`)
    socket.addEventListener('message', ({ data }) => {
      const frame = JSON.parse(String(data)) as { type: string; event?: string; ok?: boolean }
      if (frame.event === 'connect.challenge') socket.send(JSON.stringify(first ?? connectFrame))
      else if (frame.type === 'res' && frame.ok === true) {
        resolve({ ok: true })
        socket.close()
      }
    })
    socket.addEventListener('close', ({ code }) => resolve({ ok: false, closed: code }))
  })
}
