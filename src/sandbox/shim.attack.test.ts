// long: one real sandbox is opened once for all of these
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, connect, type AddressInfo, type Server } from 'node:net'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nonce, systemClock } from '../base/index.ts'
import { openSandbox, serveSandbox, type Sandbox, type ServedSandbox } from './index.ts'
import { frame, maxFrameBytes } from './frames.ts'
import { sandboxSettings } from './settings.ts'

// Needs root, bubblewrap, perl and python3, as the sandbox itself does.
const root = mkdtempSync(join(tmpdir(), 'hardshell-sandbox-test-'))
const run = mkdtempSync(join(tmpdir(), 'hardshell-sandbox-run-'))
const ended: string[] = []
const strangers: string[] = []
let sandbox: Sandbox
let served: ServedSandbox
let proxy: Server

beforeAll(async () => {
  proxy = createServer((socket) => void socket.on('error', () => socket.destroy()).once('data', (head: Buffer) => socket.end(`proxy heard: ${String(head)}`)))
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const settings = sandboxSettings.parse({ limits: { processes: 200, memory: '256MB', disk: '32MB', file_size: '64MB', wall_clock: '12s', calls: 40 }, agents: { Online: { network: 'egress' } } })
  sandbox = await openSandbox(
    { root, settings },
    { clock: systemClock, egress: () => ({ host: '127.0.0.1', port: (proxy.address() as AddressInfo).port }), proxyCredential: (agentId) => `${agentId}:pass-word`, onLimit: (cell, why) => ended.push(`${cell}: ${why}`) },
  )
  served = await serveSandbox(sandbox, { folder: run, owner: null }, (name) => strangers.push(name))
  served.admit(['main', 'other', 'bomber', 'Online'])
}, 30_000)

afterAll(async () => {
  await served.close()
  await sandbox.close()
  proxy.close()
  for (const folder of [root, run]) rmSync(folder, { recursive: true, force: true })
})

interface Ended {
  status: number | null
  out: Buffer
  err: string
}

/** As OpenClaw calls ssh. */
function ssh(command: string, { user = 'main', tty = false }: { user?: string; tty?: boolean } = {}): ChildProcess {
  const config = join(run, `${user}.conf`)
  if (!existsSync(config)) writeFileSync(config, `Host openclaw-sandbox\n  User ${user}\n`)
  return spawn(served.command, ['-F', config, ...(tty ? ['-tt'] : ['-T']), '-o', 'RequestTTY=no', 'openclaw-sandbox', command], { stdio: 'pipe' })
}

async function call(command: string, { stdin = '', ...options }: { stdin?: string | Buffer; user?: string; tty?: boolean } = {}): Promise<Ended> {
  const child = ssh(command, options)
  child.stdin!.on('error', () => undefined)
  child.stdin!.end(stdin)
  const [out, err]: [Buffer[], Buffer[]] = [[], []]
  child.stdout!.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr!.on('data', (chunk: Buffer) => err.push(chunk))
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { status, out: Buffer.concat(out), err: Buffer.concat(err).toString() }
}

const text = async (command: string, options = {}): Promise<string> => (await call(command, options)).out.toString().trim()
const isRunning = (word: string): boolean => spawnSync('pgrep', ['-f', word]).status === 0

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 200) throw new Error(`waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('a command through the shim', () => {
  it('ends with its own status, also by a signal, and keeps stdout and stderr apart', async () => {
    expect(await call('echo out; echo err >&2; exit 7')).toMatchObject({ status: 7, out: Buffer.from('out\n'), err: 'err\n' })
    expect((await call('kill -9 $$')).status).toBe(137)
  })

  it('carries 20 MB of any bytes in and out unchanged', async () => {
    const bytes = randomBytes(20 * 1024 * 1024)
    const { out, status } = await call('cat', { stdin: bytes })
    expect(status).toBe(0)
    expect(createHash('sha256').update(out).digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'))
  })

  it('that reads no stdin does not wait for it, however much is sent', async () => {
    expect(await call('echo done', { stdin: randomBytes(4 * 1024 * 1024) })).toMatchObject({ status: 0, out: Buffer.from('done\n') })
  })

  it('gets a terminal when one is asked for, inside', async () => {
    const { out, status } = await call('tty; test -t 1 && echo yes; exit 3', { tty: true })
    expect(out.toString()).toMatch(/\/dev\/pts\/0\s+yes/)
    expect(status).toBe(3)
  })

  it('is given to no name the gateway made up: no folder, no user, and somebody is told', async () => {
    const made = async (): Promise<string[]> => (await readdir(join(root, 'cells'))).toSorted()
    await text('true')
    const before = await made()
    const { status, out, err } = await call('id', { user: 'invented-1' })
    expect({ status, out: String(out) }).toEqual({ status: 255, out: '' })
    expect(String(err)).toContain('no agent of this installation has the sandbox invented-1')
    expect(await made()).toEqual(before)
    expect(strangers).toContain('invented-1')
  })

  it('finds its files again in the next call, under any name, and another agent does not', async () => {
    await call("mkdir -p 'a/ö 漢/b' && printf hello > 'a/ö 漢/b/\"x\"'")
    expect(await text("cat 'a/ö 漢/b/\"x\"'")).toBe('hello')
    expect(await text('ls /workspaces /tmp /home/agent; id -u', { user: 'other' })).not.toContain('a\n')
    expect(await text('id -u', { user: 'other' })).not.toBe(await text('id -u'))
  })

  it('runs beside thirty others', async () => {
    const words = Array.from({ length: 30 }, (_, n) => `word-${n}`)
    const answers = await Promise.all(words.map((word) => call(`echo ${word}`)))
    expect(answers.map(({ out, err }) => String(out) + err)).toEqual(words.map((word) => `${word}\n`))
  })

  it('goes with everything it started when the shim is killed, daemons included', async () => {
    const word = nonce()
    const child = ssh(`(setsid sh -c 'while :; do sleep 1; done' ${word} &) ; while :; do sleep 1; done`)
    await until('the daemon', () => isRunning(`while :; do sleep 1; done ${word}`))
    child.kill('SIGKILL')
    await until('its end', () => !isRunning(`while :; do sleep 1; done ${word}`))
    expect(sandbox.running()).toBe(0)
  })

  it('goes with everything it started when the guard is killed', async () => {
    const word = nonce()
    const program = `
      const { openSandbox } = await import(${JSON.stringify(new URL('./open.ts', import.meta.url).href)})
      const { sandboxSettings } = await import(${JSON.stringify(new URL('./settings.ts', import.meta.url).href)})
      const sandbox = await openSandbox({ root: ${JSON.stringify(root)}, settings: sandboxSettings.parse({}) }, { clock: { monotonicMs: () => 0 }, egress: () => null, proxyCredential: () => null, onLimit: () => undefined })
      await sandbox.run({ cell: 'main', argv: ['/bin/sh', '-c', '(trap "" TERM HUP; setsid sh -c "while :; do sleep 1; done" ${word} &) ; sleep 100'], tty: false })
      setInterval(() => undefined, 1000)`
    const guard = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' })
    await until('the daemon', () => isRunning(`sleep 1; done ${word}`))
    guard.kill('SIGKILL')
    await until('its end', () => !isRunning(word))
    expect(isRunning(word)).toBe(false)
  }, 20_000)

  it('has no way to a link that leads out', async () => {
    const [folder] = readdirSync(join(root, 'cells')).filter((name) => name === 'main')
    symlinkSync('/etc/shadow', join(root, 'cells', folder!, 'workspaces', 'out'))
    expect((await call('cat out')).err).toContain('No such file')
  })
})

describe('what an agent may use up', () => {
  it('is limited in time', async () => {
    const { status, err } = await call('sleep 60')
    expect(status).toBe(137)
    expect(err).toContain('it ran longer than 12 s (sandbox.limits.wall_clock)')
  }, 30_000)

  it('is limited on the disk: who fills it is ended and the operator hears of it', async () => {
    const { err } = await call('head -c 50331648 /dev/zero > fill; sleep 60')
    expect(err).toContain('(sandbox.limits.disk)')
    expect(ended.some((line) => line.startsWith('main: its files are larger'))).toBe(true)
    expect((await call('echo more > again')).status).toBe(128 + 25) // SIGXFSZ
    expect((await call('rm fill')).status).toBe(0)
    expect((await call('echo more > again && cat again')).out.toString()).toBe('more\n')
  }, 20_000)

  it('is limited on the disk also by files that have no name any more', async () => {
    const { err } = await call('exec 3> gone 4> mapped; rm gone mapped; head -c 41943040 /dev/zero >&3; head -c 41943040 /dev/zero >&4; exec python3 -c "import ctypes, time; ctypes.CDLL(None).prctl(4, 0, 0, 0, 0); time.sleep(60)"')
    expect(err).toContain('(sandbox.limits.disk)')
  }, 20_000)

  it('is limited in processes: a fork bomb is over when its call is, and others do not notice', async () => {
    const bomb = ssh('bomb() { bomb | bomb & }; bomb; sleep 3', { user: 'bomber' })
    await new Promise((resolve) => setTimeout(resolve, 800))
    expect(await text('echo calm')).toBe('calm')
    expect(Number(spawnSync('pgrep', ['-c', '-u', String(userOf('bomber'))]).stdout)).toBeLessThanOrEqual(200)
    bomb.kill('SIGKILL')
    await until('its end', () => spawnSync('pgrep', ['-u', String(userOf('bomber'))]).status !== 0)
    expect(await text('echo again', { user: 'bomber' })).toBe('again')
  }, 20_000)

  it('is limited in calls at a time', async () => {
    const waiting = Array.from({ length: 40 }, (_, n) => ssh('sleep 10', { user: n < 30 ? 'main' : 'other' }))
    await until('forty calls', () => sandbox.running() === 40)
    expect(await call('echo one more')).toMatchObject({ status: 255, err: expect.stringContaining('40 calls run already') })
    for (const child of waiting) child.kill('SIGKILL')
    await until('none', () => sandbox.running() === 0)
  }, 20_000)

  it('is limited in calls of its own: one that waits in all it gets keeps nobody else out', async () => {
    const waiting = Array.from({ length: 30 }, () => ssh('sleep 10'))
    await until('thirty calls', () => sandbox.running() === 30)
    expect(await call('echo one more')).toMatchObject({ status: 255, err: expect.stringContaining('30 calls of main run already') })
    expect(await text('echo room', { user: 'other' })).toBe('room')
    for (const child of waiting) child.kill('SIGKILL')
    await until('none', () => sandbox.running() === 0)
    expect(await text('echo again')).toBe('again')
  }, 20_000)
})

function userOf(cell: string): number {
  return (JSON.parse(readFileSync(join(root, 'users.json'), 'utf8')) as Record<string, number>)[cell]!
}

describe('the network', () => {
  const ask = `python3 -c "import os,urllib.parse,socket; p=urllib.parse.urlsplit(os.environ.get('HTTPS_PROXY','http://127.0.0.1:3128')); s=socket.create_connection((p.hostname,p.port),3); s.sendall(b'CONNECT x:443 for '+(p.username or '').encode()); print(s.recv(500).decode())"`

  it('is not there by default, and no proxy is promised', async () => {
    expect(await text('env | grep -ci proxy')).toBe('0')
    expect((await call(ask)).err).toContain('Connection refused')
  })

  it('is the egress proxy under its own name where a rule says so, and nothing else', async () => {
    expect(await text(ask, { user: 'online' })).toContain('proxy heard: CONNECT x:443 for online')
    const direct = `python3 -c "import socket; socket.create_connection(('127.0.0.1', ${(proxy.address() as AddressInfo).port}), 3)"`
    expect((await call(direct, { user: 'online' })).err).toContain('Connection refused')
    expect((await call('cat /proc/net/dev', { user: 'online' })).out.toString()).not.toMatch(/eth|veth|wlan/)
  })

  it('leaves its credential in no argument that others could list', async () => {
    const child = ssh('sleep 5', { user: 'online' })
    await until('the call', () => isRunning('sleep 5'))
    expect(spawnSync('ps', ['-eo', 'args', '-ww']).stdout.toString()).not.toContain('pass-word')
    child.kill('SIGKILL')
  })
})

/** A call whose sender went away may still be on its way to its start: nothing runs for a while. */
async function allEnded(): Promise<void> {
  let quietSince = performance.now()
  await until('the end of the calls before', () => {
    if (sandbox.running() > 0) quietSince = performance.now()
    return performance.now() - quietSince > 500
  })
}

describe('whoever is not our shim', () => {
  const speak = async (bytes: Buffer): Promise<string> =>
    await new Promise((resolve) => {
      const socket = connect(join(run, 'sandbox.sock'))
      let heard = ''
      socket.on('data', (chunk) => (heard += String(chunk)))
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(heard))
      socket.write(bytes)
    })

  it.each([
    ['begins with something else', frame('I', Buffer.from('x'))],
    ['names a folder above', frame('H', Buffer.from('../guard\0host\0id'))],
    ['names no command', frame('H', Buffer.from('main\0host'))],
  ])('is refused and runs nothing when it %s', async (_what, bytes) => {
    await allEnded()
    expect(await speak(bytes)).toContain('this is not how OpenClaw calls ssh')
    expect(sandbox.running()).toBe(0)
  })

  it('is cut off without a word when it announces a frame beyond all measure', async () => {
    const head = Buffer.from([0x48, 0, 0, 0, 0])
    head.writeUInt32BE(maxFrameBytes * 4, 1)
    expect(await speak(head)).toBe('')
  })

  it('is cut off when it sends more stdin than it was allowed', async () => {
    const flood = Buffer.concat([frame('H', Buffer.from('main\0host\0sleep 5')), ...Array.from({ length: 40 }, () => frame('I', Buffer.alloc(64 * 1024)))])
    await speak(flood)
    await until('the end of the call', () => sandbox.running() === 0)
    expect(sandbox.running()).toBe(0)
  })
})
