import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chat } from './chat.ts'
import { command, ensureProven, newInstallation, removeInstallation, statusOf, type Installation } from './installation.ts'
import { readLog } from './log.ts'
import { until } from './wait.ts'

// An operator who lets agents have a shell and files: then the sandbox is what stands between them and the machine.
const settings = `tools:
  profile: full
  deny: []
  exec: {security: full, ask: "off"}
  fs: {workspaceOnly: true}
sandbox:
  agents: {online: {network: egress}}
proof:
  every: 1m
`

let installation: Installation
/** A host that agent `online` may reach. Not 127.0.0.1: programs use no proxy for that, so that they find their own servers. */
let site: Server
const siteAddress = '127.0.0.2'
beforeAll(async () => {
  installation = await newInstallation('sandbox', settings)
  site = createServer((request, reply) => reply.end(`hello ${request.headers['x-who'] ?? 'nobody'}`))
  await new Promise<void>((resolve) => site.listen(0, siteAddress, resolve))
  appendFileSync(join(installation.config, 'network.yaml'), `  agents: {online: {allowed_hosts: ["${siteAddress}:${port()}"]}}\n  allow_private: [${siteAddress}]\n`)
  mkdirSync(join(installation.state, 'openclaw/config'), { recursive: true })
  writeFileSync(join(installation.state, 'openclaw/config/openclaw.json'), '{ agents: { entries: { main: { default: true }, online: {} } } }\n')
  await ensureProven(installation, 300_000)
}, 320_000)
afterAll(async () => {
  site.close()
  await removeInstallation(installation)
})

const port = (): number => (site.address() as AddressInfo).port
const tool = async (name: string, args: object, user = 'sandbox', agent = 'main'): Promise<string> => {
  const { text } = await chat(installation, `TOOL:${name} ${JSON.stringify(args)}`, { user, agent })
  return /TOOL_RESULT<<([\s\S]*)>>/.exec(text)?.[1]?.trim() ?? text
}
const exec = async (line: string, more: object = {}): Promise<string> => await tool('exec', { command: line, ...more })
const cells = (): string => join(installation.state, 'sandbox/cells')

describe('tools of an agent behind the guard', () => {
  it('run as a user of their own, without a network, and see neither gateway nor guard', async () => {
    const said = await exec(`id -u; ls /root ${installation.state}; cat /proc/net/dev | wc -l; ls /home`)
    expect(said).toMatch(/^(19|20)\d{8}$/m)
    expect(said).not.toContain(String(process.getuid?.()).padStart(10))
    expect(said).toContain(`cannot access '${installation.state}'`)
    expect(said).toMatch(/^agent$/m)
  })

  it('give the status of a command, and both its outputs', async () => {
    expect(await exec('echo out; echo err >&2; exit 4')).toMatch(/out[\s\S]*err[\s\S]*code 4/)
  })

  it('write, read, edit and list files under any name, deep down, and exec sees the same', async () => {
    const path = 'a/b/c/d/Grüße 漢字.txt'
    expect(await tool('write', { path, content: 'eins\nzwei\n' })).toContain('wrote')
    expect(await tool('read', { path })).toContain('zwei')
    expect(await tool('edit', { path, edits: [{ oldText: 'zwei', newText: 'drei' }] })).toContain('replaced')
    expect(await exec("cat 'a/b/c/d/Grüße 漢字.txt'")).toBe('eins\ndrei')
    expect(await tool('ls', { path: 'a/b' })).toContain('c/')
  })

  it('handle 100 MB of any bytes', async () => {
    const said = await exec('head -c 104857600 /dev/urandom > big; cat big | sha256sum; sha256sum < big; stat -c %s big; rm big')
    const [one, other, size] = said.split('\n')
    expect(one).toMatch(/^[0-9a-f]{64}/)
    expect([other, size]).toEqual([one, '104857600'])
  })

  it('follow no link out of the workspace, neither to read nor to write', async () => {
    await exec('ln -sf /etc/hostname out; ln -sf /workspaces elsewhere')
    for (const path of ['out', 'elsewhere/../../etc/passwd', '/etc/passwd', '../../../../etc/passwd']) {
      expect(await tool('read', { path }), path).toMatch(/escapes|outside|not|error/i)
      expect(await tool('write', { path, content: 'x' }), path).toMatch(/escapes|outside|not|error/i)
    }
  })

  it('go on in the background and end when they are told to', async () => {
    const started = await exec('for i in 1 2 3 4 5 6 7 8 9; do echo tick $i; sleep 1; done; sleep 300', { background: true })
    const session = /session ([\w-]+)/.exec(started)?.[1]
    expect(session, started).toBeDefined()
    await until('a tick', 30_000, async () => (await tool('process', { action: 'poll', sessionId: session })).includes('tick') || null)
    expect(await tool('process', { action: 'kill', sessionId: session })).toMatch(/kill|terminat/i)
    expect(await exec('ps ax | grep -c "[s]leep 300"')).toMatch(/^0/)
  })

  it('are ended after their time', async () => {
    expect(await exec('sleep 60; echo never', { timeoutSeconds: 2 })).toMatch(/time|signal|kill/i)
  })

  it('run side by side in many sessions', async () => {
    const users = ['one', 'two', 'three', 'four', 'five', 'six']
    const answers = await Promise.all(users.map((user) => tool('exec', { command: `echo from ${user}` }, user)))
    expect(answers).toEqual(users.map((user) => `from ${user}`))
  })

  it('get a host outside neither by asking for it nor by asking for more rights', async () => {
    expect(await exec('id', { host: 'gateway' })).toContain('exec host not allowed')
    expect(await exec('id', { elevated: true })).toContain('elevated is not available')
  })

  it('leave their files in the folder of their own, and nothing of the gateway in it', () => {
    expect(readdirSync(cells())).toEqual(expect.arrayContaining(['main', 'guard-proof']))
  })
})

describe('an agent that may use the network', () => {
  const curl = async (line: string, agent = 'online'): Promise<string> => await tool('exec', { command: `curl -sS -m 10 ${line} 2>&1` }, `net-${agent}`, agent)

  it('reaches the hosts on its list, through the egress proxy and under its own name', async () => {
    expect(await curl(`-H 'x-who: online' http://${siteAddress}:${port()}/`)).toBe('hello online')
    const passage = readLog(installation.log).findLast(({ rule, target }) => rule === 'egress.allowed-host' && String(target).includes(String(port())))
    expect(passage).toMatchObject({ agent_id: 'online' })
  })

  it('reaches no other host, nothing past the proxy and nothing of the guard', async () => {
    expect(await curl(`-o /dev/null -w '%{http_code}' http://${siteAddress}:9/`)).toMatch(/^403/)
    expect(await curl(`--noproxy '*' http://${siteAddress}:${port()}/`)).toContain('Failed to connect')
    for (const door of [installation.ports.gateway, installation.ports.ingress, installation.ports.model]) {
      expect(await curl(`-o /dev/null -w '%{http_code}' --noproxy '' http://127.0.0.1:${door}/`), String(door)).toMatch(/^403/)
    }
  })

  it('is the only one: another agent has no proxy and no network', async () => {
    expect(await curl(`http://${siteAddress}:${port()}/`, 'main')).toContain('Failed to connect')
  })
})

describe('the sandbox on the screen', () => {
  it('is a surface of the pulse and a wall that stands', async () => {
    const status = await statusOf(installation)
    expect(status?.surfaces.find(({ id }) => id === 'sandbox')).toMatchObject({ ok: true, detail: expect.stringMatching(/^\d+ attempts to get out were refused$/) })
    expect(status?.boundaries.find(({ id }) => id === 'sandbox')).toMatchObject({ stands: true, detail: expect.stringContaining('no_new_privs') })
  })

  it('turns red when what OpenClaw starts runs commands as they are, and green when it is ours again', async () => {
    const shim = join(installation.state, 'run/hardshell-ssh')
    const ours = readFileSync(shim)
    try {
      writeFileSync(shim, '#!/bin/sh\nfor last; do :; done\nexec /bin/sh -c "$last"\n')
      const { status, out } = await command(installation, ['prove', '--json'])
      expect(status).toBe(1)
      const { surfaces } = JSON.parse(out) as { surfaces: { id: string; ok: boolean; detail: string }[] }
      expect(surfaces.find(({ id }) => id === 'sandbox')).toMatchObject({ ok: false, detail: expect.stringContaining('network.loopback escaped') })
    } finally {
      writeFileSync(shim, ours)
    }
    expect(await command(installation, ['prove', '--json'])).toMatchObject({ status: 0 })
  })
})
