import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { goodOrigin, openTlsOrigin, trustedPem, type TlsOrigin } from '../../tests/fakes/tls-origins.ts'
import { createOutboundTls, Secret } from '../base/index.ts'
import { inspectContent } from './inspect-content.ts'
import { openGuardInspection, trusting } from './inspection.ts'
import { serveAlone, type Served } from './serve.ts'
import { statePaths } from './paths.ts'

let folder: string
let origin: TlsOrigin
let served: Served | null
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hs-guard-inspection-'))
  origin = await openTlsOrigin(goodOrigin('localhost'), (request, reply) => void reply.end(`${request.url} ${request.headers.authorization}`))
  served = null
})
afterEach(async () => {
  await served?.close()
  await origin.close()
  rmSync(folder, { recursive: true })
})

const realToken = ['real', 'token', 'of', 'this', 'test'].join('-')

async function serve(): Promise<{ port: number; sentinel: string; authority: string; log: () => string }> {
  const config = join(folder, 'config')
  const bundle = join(folder, 'bundle.pem')
  const at = `localhost:${origin.port}`
  writeFileSync(bundle, trustedPem, { mode: 0o644 })
  mkdirSync(config)
  writeFileSync(join(config, 'config.yaml'), `tls:\n  ca_bundle: ${bundle}\n`)
  writeFileSync(
    join(config, 'network.yaml'),
    `egress:\n  allowed_hosts: ["${at}"]\n  allow_private: [localhost]\n  inspect:\n    - host: "${at}"\n      paths: [/mine]\n      credentials: [{ secret: A_TOKEN }]\n`,
  )
  const env = { A_TOKEN: realToken, HOME: folder }
  served = await serveAlone({ what: 'egress', listen: '127.0.0.1:0', upstream: undefined, config, stateRoot: folder, dangerouslyPlain: false, env, cwd: folder })
  const root = join(folder, 'alone', 'egress-0')
  const sentinel = /hssentinel_[\w-]+/.exec(served.notes.join('\n'))![0]
  return { port: served.at.port, sentinel, authority: readFileSync(join(root, 'trust', 'egress-ca.pem'), 'utf8'), log: () => readFileSync(join(root, 'guard', 'audit', 'audit.log'), 'utf8') }
}

/** Through the real door: CONNECT, then TLS by the authority, then one request. */
function ask(port: number, authority: string, path: string, authorization: string): Promise<string> {
  const at = `localhost:${origin.port}`
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', reject)
    socket.once('data', () => {
      const inside = connectTls({ socket, servername: 'localhost', ca: authority })
      let text = ''
      inside.on('data', (chunk: Buffer) => (text += chunk.toString())).on('close', () => resolve(text)).on('error', reject)
      inside.write(`GET ${path} HTTP/1.1\r\nhost: ${at}\r\nconnection: close\r\nauthorization: ${authorization}\r\n\r\n`)
    })
    socket.write(`CONNECT ${at} HTTP/1.1\r\nhost: ${at}\r\n\r\n`)
  })
}

it('the settings make the egress proxy look inside, put the secret in, and write it down', async () => {
  const { port, sentinel, authority, log } = await serve()
  const answer = await ask(port, authority, '/mine/x?q=hidden', `Bearer ${sentinel}`)
  expect(answer.replaceAll(/\r\n[\da-f]+\r\n/g, ''), 'without the lengths of its chunks').toContain('/mine/x?q=hidden Bearer [redacted]')
  expect(origin.requests[0]!.headers.authorization).toBe(`Bearer ${realToken}`)
  expect(await ask(port, authority, '/theirs', 'none')).toContain('x-hardshell-rule: egress.path')
  expect(await ask(port, authority, `/mine/${sentinel}`, 'none')).toContain('x-hardshell-rule: egress.sentinel')
  await served!.close()
  served = null
  expect(log()).toContain(`GET localhost:${origin.port}/mine/x"`)
  expect(log()).toMatch(/"event_type":"alert"[^\n]*egress\.sentinel/)
  for (const never of [realToken, sentinel, 'hidden', 'PRIVATE KEY']) expect(log()).not.toContain(never)
})

it('the certificate lies where everybody can read it, its key where nobody else can, and both go when nothing is inspected', async () => {
  const paths = statePaths(folder)
  const audit = { append: () => Promise.reject(new Error('nothing to log')), write: () => { throw new Error('nothing to log') }, note: () => {} }
  const content = inspectContent(() => null, { find: () => [], follow: () => ({ push: () => [] }) })
  const open = async (inspect: unknown[]) =>
    await openGuardInspection({ paths, config: { egress: { inspect }, secrets: { scopes: {} } } as never, keys: { egress: new Secret('k') }, secrets: { current: () => null }, tls: createOutboundTls() }, { audit, content })
  const opened = await open([{ host: 'api.example.com', max_body: 1, secrets: 'block', answers: 'redact', credentials: [] }])
  const task = trusting({ env: { PATH: '/bin' } as Record<string, string> }, opened)
  expect(task.env).toMatchObject({ PATH: '/bin', NODE_EXTRA_CA_CERTS: join(paths.trust, 'egress-ca.pem'), SSL_CERT_FILE: join(paths.trust, 'ca-bundle.pem') })
  expect(statSync(task.env['SSL_CERT_FILE']!).mode & 0o777).toBe(0o644)
  expect(readFileSync(task.env['SSL_CERT_FILE']!, 'utf8').match(/BEGIN CERTIFICATE/g)!.length).toBeGreaterThan(50)
  expect(statSync(join(paths.inspection, 'authority.key')).mode & 0o777).toBe(0o600)
  expect(await open([])).toBeNull()
  expect(existsSync(paths.trust)).toBe(false)
  expect(trusting({ env: {} }, null)).toEqual({ env: {} })
})
