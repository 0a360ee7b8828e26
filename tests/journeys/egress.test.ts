import { spawn, type ChildProcess } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Entry } from '../../src/auditlog/index.ts'
import { hardshell, hardshellArgs, repository, runToEnd } from './command.ts'
import { command, ensureProven } from './installation.ts'
import { entryThat, logLength } from './log.ts'
import { freePorts, isOpen } from './ports.ts'
import { sharedInstallation } from './shared.ts'
import { until } from './wait.ts'

const shared = sharedInstallation()
const root = mkdtempSync(join(tmpdir(), 'hardshell-egress-'))
beforeAll(async () => void (await ensureProven(shared)))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Asks the guard's proxy for a tunnel, as whoever the address of the proxy says. */
async function ask(proxy: string, target: string): Promise<string> {
  const { out } = await runToEnd('curl', ['-s', '-o', '/dev/null', '-D', '-', '-x', proxy, `https://${target}/`])
  return out
}

describe('the credential of an agent', () => {
  const file = join(root, 'main.proxy')

  it('goes into a file of its owner’s and nowhere else, and is on record', async () => {
    const since = logLength(shared.log)
    const given = await command(shared, ['egress', 'credential', 'main', '--to', file])
    expect(given.status).toBe(0)
    const token = new URL(readFileSync(file, 'utf8').trim()).password
    expect(token).toHaveLength(56)
    expect(given.out + given.err + readFileSync(shared.log, 'utf8')).not.toContain(token)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    await entryThat(shared.log, since, (e) => e.rule === 'egress.credential' && e.reason!.includes('agent.main'))
  })

  it('is recognised: what it asks for is its agent’s in the log and in the accounts', async () => {
    const since = logLength(shared.log)
    expect(await ask(readFileSync(file, 'utf8').trim(), 'nobody-allowed.example')).toContain('x-hardshell-rule: egress.not-listed')
    const entry: Entry = await entryThat(shared.log, since, (e) => e.target === 'nobody-allowed.example:443')
    expect(entry).toMatchObject({ user: 'agent.main', agent_id: 'main', decision: 'deny' })
    const { accounts } = JSON.parse((await command(shared, ['egress', 'list', '--who', 'main', '--json'])).out) as { accounts: object[] }
    expect(accounts).toContainEqual(expect.objectContaining({ who: 'agent.main', host: 'nobody-allowed.example', refused: 1 }))
  })

  it('that is forged is refused, and logged', async () => {
    const since = logLength(shared.log)
    const forged = new URL(readFileSync(file, 'utf8').trim())
    forged.username = 'agent.second'
    expect(await ask(forged.href, 'nobody-allowed.example')).toMatch(/^HTTP\/1\.1 407 /)
    await entryThat(shared.log, since, (e) => e.rule === 'egress.bad-credential' && e.decision === 'deny')
  })

  it('stops with its agent, and with no other', async () => {
    const [main, second] = [readFileSync(file, 'utf8').trim(), join(root, 'second.proxy')]
    await command(shared, ['egress', 'credential', 'second', '--to', second])
    await command(shared, ['agent', 'disable', 'main'])
    try {
      expect(await ask(main, 'nobody-allowed.example')).toContain('x-hardshell-rule: kill-switch.agent-disabled')
      expect(await ask(readFileSync(second, 'utf8').trim(), 'nobody-allowed.example')).toContain('x-hardshell-rule: egress.not-listed')
    } finally {
      await command(shared, ['agent', 'enable', 'main'])
    }
    expect(await ask(main, 'nobody-allowed.example')).toContain('x-hardshell-rule: egress.not-listed')
  })
})

describe('the host lists', () => {
  const network = join(shared.config, 'network.yaml')
  const proxy = `http://127.0.0.1:${shared.ports.egress}`
  const host = 'reloaded.hardshell-test.invalid'
  const reload = async (settings: string) => {
    const before = readFileSync(network, 'utf8')
    writeFileSync(network, before + settings)
    try {
      return await command(shared, ['egress', 'reload', '--json'])
    } finally {
      writeFileSync(network, before)
    }
  }

  it('are in force as soon as they are read anew, and no longer when they are taken back', async () => {
    const from = logLength(shared.log)
    expect(await ask(proxy, host)).toContain('x-hardshell-rule: egress.not-listed')
    const { status, out } = await reload(`  allowed_hosts: [${host}]\n`)
    expect({ status, out: JSON.parse(out) as unknown }).toMatchObject({ status: 0, out: { allowed: 1, pending: [] } })
    expect(await ask(proxy, host), 'allowed, and nobody has an address for it').toContain('x-hardshell-rule: egress.unresolved')
    expect(await entryThat(shared.log, from, ({ rule }) => rule === 'egress.reload')).toMatchObject({ event_type: 'config_change', reason: 'the host lists were read anew: 1 allowed, 1 denied' })
    expect(await reload('')).toMatchObject({ status: 0 })
    expect(await ask(proxy, host)).toContain('x-hardshell-rule: egress.not-listed')
  })

  it('stay as they are when the file has a mistake, and what is no list waits for a restart', async () => {
    expect(await reload(`  allowed_hosts: [${host}]\n  no_such_setting: 1\n`)).toMatchObject({ status: 3, out: expect.stringContaining('config.invalid') })
    expect(await ask(proxy, host)).toContain('x-hardshell-rule: egress.not-listed')
    const { out } = await reload('  mode: learn\n')
    expect(JSON.parse(out)).toMatchObject({ pending: ['egress.mode'] })
    expect(await ask(proxy, host), 'learning would let it pass').toContain('x-hardshell-rule: egress.not-listed')
  })
})

it('a proposal from the log of the installation loads as its configuration', async () => {
  const proposed = await command(shared, ['egress', 'propose', '--config', shared.config])
  expect(proposed.status).toBe(0)
  const folder = join(root, 'proposed')
  mkdirSync(folder)
  writeFileSync(join(folder, 'network.yaml'), proposed.out)
  expect(await hardshell(['config', 'check', '--config', folder, '--state', shared.state])).toMatchObject({ status: 0 })
})

// OpenClaw goes straight to loopback whatever proxy there is: what it has to reach through the proxy stands elsewhere.
const address = Object.values(networkInterfaces()).flat().find((one) => one?.family === 'IPv4' && !one.internal)?.address

describe.skipIf(address === undefined)("OpenClaw's own validation of a proxy", () => {
  let origin: Server
  let proxy: ChildProcess
  let ports: number[]

  beforeAll(async () => {
    ports = await freePorts(2)
    origin = createServer((_, reply) => reply.end('reached'))
    await new Promise<void>((resolve) => origin.listen(ports[0], address, resolve))
    const config = join(root, 'validate')
    mkdirSync(config)
    writeFileSync(join(config, 'network.yaml'), `egress:\n  allowed_hosts: ["${address}:${ports[0]}"]\n  allow_private: ["${address}"]\n`)
    const [program, args] = hardshellArgs(['serve', 'egress', '--listen', `127.0.0.1:${ports[1]}`, '--state', join(root, 'state'), '--config', config])
    proxy = spawn(program, args, { env: { PATH: process.env['PATH'] ?? '', HOME: root }, stdio: 'ignore', cwd: root })
    await until('the egress proxy', 30_000, () => isOpen(ports[1]!))
  })
  afterAll(async () => {
    proxy.kill('SIGTERM')
    await until('its end', 20_000, () => proxy.exitCode !== null)
    origin.close()
  })

  it('passes: what is allowed is reached, and its loopback canary is not', async () => {
    const openclaw = join(repository, 'node_modules/openclaw/openclaw.mjs')
    const args = ['proxy', 'validate', '--json', '--proxy-url', `http://127.0.0.1:${ports[1]}`, '--allowed-url', `http://${address}:${ports[0]}/`]
    const { out } = await runToEnd(process.execPath, [openclaw, ...args], { env: { HOME: root, OPENCLAW_STATE_DIR: join(root, 'openclaw') } })
    const { ok, checks } = JSON.parse(out.slice(out.indexOf('{'))) as { ok: boolean; checks: { kind: string; ok: boolean; status?: number }[] }
    expect(checks.map(({ kind, ok: fine }) => [kind, fine])).toEqual([['allowed', true], ['denied', true]])
    expect(ok).toBe(true)
    const log = readFileSync(join(root, 'state/alone', `egress-${ports[1]}`, 'guard/audit/audit.log'), 'utf8')
    expect(log).toMatch(/"target":"127\.0\.0\.1:\d+","decision":"deny"/)
  })
})
