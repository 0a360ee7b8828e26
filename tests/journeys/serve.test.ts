import { spawn, type ChildProcess } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hardshell, hardshellArgs } from './command.ts'
import { askTunnel, freePorts, isOpen } from './ports.ts'
import { until } from './wait.ts'

const root = mkdtempSync(join(tmpdir(), 'hardshell-serve-'))
const state = join(root, 'state')
const running: ChildProcess[] = []
let gateway: Server
let ports: number[]

beforeAll(async () => {
  ports = await freePorts(3)
  mkdirSync(join(root, 'config'))
  writeFileSync(join(root, 'config', 'network.yaml'), 'egress:\n  allowed_hosts: [api.example.com]\n')
  gateway = createServer((request, reply) => reply.end(JSON.stringify({ authorization: request.headers.authorization })))
  await new Promise<void>((resolve) => gateway.listen(ports[2], '127.0.0.1', resolve))
})
afterAll(async () => {
  for (const child of running) child.kill('SIGTERM')
  await until('the end of the proxies', 20_000, () => running.every(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null))
  expect(running.map(({ exitCode }) => exitCode)).toEqual([0, 0])
  gateway.close()
  rmSync(root, { recursive: true, force: true })
})

async function serve(what: string, port: number, ...more: string[]): Promise<void> {
  const [command, args] = hardshellArgs(['serve', what, '--listen', `127.0.0.1:${port}`, '--state', state, ...more])
  const child = spawn(command, args, { env: { PATH: process.env['PATH'] ?? '', HOME: root, OPENCLAW_GATEWAY_TOKEN: 'the-gateways-own' }, stdio: 'ignore', cwd: root })
  running.push(child)
  await until(`${what} on port ${port}`, 30_000, () => isOpen(port))
}

describe('one proxy alone', () => {
  it('keeps to its allow list as an egress proxy, and writes down what it refused', async () => {
    const [port] = ports as [number]
    await serve('egress', port, '--config', join(root, 'config'))
    expect(await askTunnel(port, 'evil.example.net:443')).toMatch(/ 403 /)
    expect(await askTunnel(port, '169.254.169.254:80')).toMatch(/ 403 /)
    const log = join(state, 'alone', `egress-${port}`, 'guard/audit/audit.log')
    expect(readFileSync(log, 'utf8')).toContain('evil.example.net:443')
    expect((await hardshell(['audit', 'verify', '--file', log])).status).toBe(0)
  })

  it('lets nobody without a token in as a front door, and speaks to the gateway under its own', async () => {
    const [, port, upstream] = ports as [number, number, number]
    await serve('ingress', port, '--upstream', `http://127.0.0.1:${upstream}`)
    const ask = async (headers: Record<string, string>): Promise<Response> => await fetch(`http://127.0.0.1:${port}/v1/models`, { headers })
    expect((await ask({})).status).toBe(401)
    const token = readFileSync(join(state, 'alone', `ingress-${port}`, 'guard/operator.token'), 'utf8').trim()
    expect(await (await ask({ authorization: `Bearer ${token}` })).json()).toEqual({ authorization: 'Bearer the-gateways-own' })
  })

  it('listens on no address that others could reach in the clear', async () => {
    const refused = await hardshell(['serve', 'model', '--listen', '0.0.0.0:0', '--state', state])
    expect(refused.status).toBe(3)
    expect(refused.err).toContain('listens on loopback only')
  })
})
