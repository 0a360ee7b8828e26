import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Secret } from '../base/index.ts'
import { foreignProviders, referredModels } from './adopted-providers.ts'
import { gatewayUser, othersCanRead } from './gateway-user.ts'
import { processTree, secretsInProcesses } from './gateway-secrets.ts'
import { runToEnd } from './launch.ts'
import { endLeftovers } from './leftovers.ts'
import { watchConfig } from './openclaw-config.ts'
import { ownKeys, type Drawer } from './own-keys.ts'
import { statePaths, stateRoot } from './paths.ts'
import { portBelongsTo } from './port-owner.ts'
import { freeAddress } from './ports.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'guard-'))
const task = { program: process.execPath, env: { PATH: '/usr/bin:/bin' }, cwd: '/', user: null }

describe('where the state lies', () => {
  it('is told by the flag, then the environment, then who we are', () => {
    expect(stateRoot('/a', { HARDSHELL_STATE: '/b' })).toBe('/a')
    expect(stateRoot(undefined, { HARDSHELL_STATE: '/b' })).toBe('/b')
    expect(stateRoot(undefined, { HOME: '/home/ana' })).toBe(process.getuid?.() === 0 ? '/var/lib/hardshell' : '/home/ana/.hardshell')
  })
})

describe("the gateway's user", () => {
  it('is always the same for one installation, another for another, and nobody', () => {
    const [one, again, other] = [gatewayUser('/a'), gatewayUser('/a'), gatewayUser('/b')]
    expect(one).toEqual(again)
    if (process.getuid?.() !== 0) expect(one).toBeNull()
    else {
      expect(one).not.toEqual(other)
      expect(one!.uid).toBeGreaterThan(60_000)
      expect(readFileSync('/etc/passwd', 'utf8')).not.toMatch(new RegExp(`:${one!.uid}:`))
    }
  })

  it('cannot read through a folder that is closed', () => {
    const top = folder()
    chmodSync(top, 0o755)
    mkdirSync(join(top, 'closed'))
    writeFileSync(join(top, 'closed', 'file'), '')
    chmodSync(join(top, 'closed'), 0o700)
    chmodSync(join(top, 'closed', 'file'), 0o644)
    expect(othersCanRead(join(top, 'closed', 'file'))).toBe(false)
    chmodSync(join(top, 'closed'), 0o711)
    expect(othersCanRead(join(top, 'closed', 'file'))).toBe(true)
    chmodSync(join(top, 'closed', 'file'), 0o600)
    expect(othersCanRead(join(top, 'closed', 'file'))).toBe(false)
  })
})

describe('running a program for the gateway', () => {
  it('gives it the environment that was made for it and nothing of ours', async () => {
    process.env['HARDSHELL_TEST_CANARY'] = 'ours'
    const printed = await runToEnd({ ...task, args: ['-e', 'console.log(JSON.stringify(Object.keys(process.env)))'] }, { timeoutMs: 20_000 })
    delete process.env['HARDSHELL_TEST_CANARY']
    expect(JSON.parse(printed)).toEqual(['PATH'])
  })

  it('says how it failed in its own words', async () => {
    await expect(runToEnd({ ...task, args: ['-e', 'console.error("no such luck"); process.exit(3)'] }, { timeoutMs: 20_000 })).rejects.toThrow(/ended with 3: no such luck/)
  })

  it('ends one that does not end, and whatever it started', async () => {
    const script = `const c = require('node:child_process').spawn('sleep', ['60']); console.log(c.pid); setInterval(() => {}, 1000)`
    const pidFile = join(folder(), 'pid')
    await expect(runToEnd({ ...task, args: ['-e', script.replace('console.log(c.pid)', `require('node:fs').writeFileSync('${pidFile}', String(c.pid))`)] }, { timeoutMs: 1500 })).rejects.toThrow(/SIGKILL/)
    const pid = Number(readFileSync(pidFile, 'utf8'))
    await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false)
  })
})

describe("looking for keys in the gateway's processes", () => {
  it.runIf(process.platform === 'linux')('finds a value in an environment or argument of a grandchild, and names it without showing it', async () => {
    const value = `sk-${'canary'.repeat(6)}`
    const child = spawn('/bin/sh', ['-c', 'sleep 30 & wait'], { env: { SOME_NAME: value }, stdio: 'ignore' })
    try {
      await expect.poll(() => processTree(child.pid!).length, { timeout: 5000 }).toBeGreaterThan(1)
      expect(secretsInProcesses(child.pid!, new Map([['OPENAI_API_KEY', new Secret(value)]]))).toEqual(['OPENAI_API_KEY'])
      expect(secretsInProcesses(child.pid!, new Map([['OPENAI_API_KEY', new Secret('another')]]))).toEqual([])
    } finally {
      for (const pid of processTree(child.pid!).toReversed()) process.kill(pid, 'SIGKILL')
    }
  })

  it.runIf(process.platform === 'linux')('finds a variable that is named like a provider key, whatever it holds', async () => {
    const child = spawn('/bin/sleep', ['30'], { env: { ACME_API_KEY: 'anything' }, stdio: 'ignore' })
    try {
      await expect.poll(() => secretsInProcesses(child.pid!, new Map()), { timeout: 5000 }).toEqual(['ACME_API_KEY'])
    } finally {
      child.kill('SIGKILL')
    }
  })
})

describe("the guard's own keys", () => {
  it('are made once, are all different, and lie in no file but the operator token', async () => {
    const drawn = new Map<string, Secret>()
    const drawer: Drawer = { get: async (name) => drawn.get(name) ?? null, put: async (name, value) => void drawn.set(name, value) }
    const paths = statePaths(folder())
    mkdirSync(paths.guard)
    const first = await ownKeys(drawer, paths)
    const second = await ownKeys(drawer, paths)
    const values = [first.operator, first.gateway.current, first.virtual, first.probe, first.budgetProbe].map((key) => key.reveal())
    expect(new Set(values).size).toBe(5)
    expect(Math.min(...values.map((value) => value.length))).toBeGreaterThanOrEqual(32)
    expect(second.gateway.current.reveal()).toBe(first.gateway.current.reveal())
    expect(second.device.publicKey).toBe(first.device.publicKey)
    expect(second.device.privateKeyPem.reveal()).toContain('PRIVATE KEY')
    expect(readFileSync(paths.operatorToken, 'utf8').trim()).toBe(first.operator.reveal())
    expect(statSync(paths.operatorToken).mode & 0o777).toBe(0o600)
  })
})

describe('what an installation to be adopted holds', () => {
  const config = {
    agents: { defaults: { model: { primary: 'acme/gpt-x', fallbacks: ['other/y', 'acme/gpt-x'] } } },
    models: {
      providers: {
        acme: { baseUrl: 'https://acme.example/v1', apiKey: 'real-key', api: 'openai-completions' },
        env: { baseUrl: 'https://e.example', apiKey: '${E_KEY}', api: 'anthropic-messages' },
        ref: { baseUrl: 'https://r.example', apiKey: { source: 'env', provider: 'default', id: 'R_KEY' } },
        none: { baseUrl: 'http://127.0.0.1:1/v1' },
      },
    },
  }

  it('is read provider by provider: where it really is and which secret is its key', () => {
    const { providers, secrets } = foreignProviders(config)
    expect(providers.map(({ name, api, secretName }) => [name, api, secretName])).toEqual([
      ['acme', 'openai-completions', 'OPENCLAW_ACME_API_KEY'], ['env', 'anthropic-messages', 'E_KEY'], ['ref', 'openai-completions', 'R_KEY'], ['none', 'openai-completions', null],
    ])
    expect([...secrets].map(([name, secret]) => [name, secret.reveal()])).toEqual([['OPENCLAW_ACME_API_KEY', 'real-key']])
  })

  it('is refused when a provider speaks what the model proxy does not', () => {
    const strange = { models: { providers: { local: { baseUrl: 'http://127.0.0.1:11434', api: 'ollama' } } } }
    expect(() => foreignProviders(strange)).toThrow('models.providers.local.api in openclaw.json names a protocol the model proxy does not speak')
  })

  it('names every model its agents refer to, once', () => {
    expect(referredModels(config, 'acme').map(({ id }) => id)).toEqual(['gpt-x'])
  })
})

describe('an address to listen on', () => {
  it('moves when it is taken, unless the operator named it', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const port = (server.address() as { port: number }).port
    const wanted = { host: '127.0.0.1', port }
    expect((await freeAddress(wanted, false)).port).not.toBe(port)
    expect(await freeAddress(wanted, true)).toEqual(wanted)
    await new Promise((resolve) => server.close(resolve))
    expect(await freeAddress(wanted, false)).toEqual(wanted)
  })
})

describe('who listens on a port', () => {
  it.runIf(process.platform === 'linux')('is told apart from another process on the same machine', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const port = (server.address() as { port: number }).port
    const stranger = spawn('/bin/sleep', ['30'], { stdio: 'ignore' })
    try {
      expect(portBelongsTo(port, process.pid)).toBe(true)
      expect(portBelongsTo(port, stranger.pid!)).toBe(false)
    } finally {
      stranger.kill('SIGKILL')
      await new Promise((resolve) => server.close(resolve))
    }
    expect(portBelongsTo(port, process.pid)).toBeNull()
  })
})

describe('what a killed guard left behind', () => {
  it.runIf(process.getuid?.() === 0)("is ended by the gateway's user, and nobody else's process is", async () => {
    const uid = 99_123 // in the range of gateways' users, and of no installation of this machine
    const left = spawn('/bin/sleep', ['60'], { uid, gid: uid, stdio: 'ignore' })
    const other = spawn('/bin/sleep', ['60'], { uid: uid + 1, gid: uid + 1, stdio: 'ignore' })
    try {
      await expect.poll(() => isAlive(left.pid!) && isAlive(other.pid!), { timeout: 5000 }).toBe(true)
      expect(endLeftovers({ uid, gid: uid })).toBe(1)
      await expect.poll(() => left.signalCode, { timeout: 5000 }).toBe('SIGKILL')
      expect(isAlive(other.pid!)).toBe(true)
    } finally {
      other.kill('SIGKILL')
    }
  })
})

describe('watching a configuration', () => {
  it('notices changed bytes and not a mere look', async () => {
    const file = join(folder(), 'openclaw.json')
    writeFileSync(file, '{}')
    let changes = 0
    const watch = watchConfig(file, () => changes++, 20)
    readFileSync(file)
    await new Promise((resolve) => setTimeout(resolve, 80))
    expect(changes).toBe(0)
    writeFileSync(file, '{ }')
    await expect.poll(() => changes, { timeout: 5000 }).toBe(1)
    watch.stop()
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
