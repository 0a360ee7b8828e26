import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { chat } from './chat.ts'
import { ensureProven, gatewayUid, guardPid } from './installation.ts'
import { textsInMemory } from './memory.ts'
import { exposedText, isAlive, processesOf, processTree } from './processes.ts'
import { sharedInstallation } from './shared.ts'

const shared = sharedInstallation()
const realKeys = Object.values(shared.keyFiles).map((file) => readFileSync(file, 'utf8').trim())

beforeAll(async () => {
  await ensureProven(shared)
  for (const agent of ['main', 'second']) await chat(shared, 'SAY:used once, so that the key was really read', { agent }) // a key nobody used is easily kept
})

describe('the real provider keys', () => {
  it('are in the environment and arguments of no process of the whole tree', () => {
    const tree = [...new Set([...processTree(guardPid(shared)!), ...processesOf(gatewayUid(shared))])]
    expect(tree.length).toBeGreaterThan(2) // guard, gateway, its helpers
    const exposed = tree.map((pid) => ({ pid, text: exposedText(pid) })).filter(({ pid }) => isAlive(pid))
    expect(exposed.filter(({ text }) => text.length <= 1), 'nothing was left unread').toEqual([])
    expect(exposed.filter(({ text }) => realKeys.some((key) => text.includes(key))).map(({ pid }) => pid)).toEqual([])
  })

  it("are in the memory of no process of the gateway's user; the virtual key is there, and they are in the guard's", () => {
    // The random end alone: it is the same whatever a program puts in front of a key.
    const secrets = realKeys.map((key) => key.slice(-32))
    const found = processesOf(gatewayUid(shared)).flatMap((pid) => textsInMemory(pid, [...secrets, virtualKey()]))
    expect(new Set(found), 'the search finds what is there').toEqual(new Set([virtualKey()]))
    expect(textsInMemory(guardPid(shared)!, secrets), 'the search finds these very keys').toEqual(secrets)
  })

  it('are in no file of the gateway, of its configuration, of the plugin or of the log', () => {
    const folders = ['openclaw', 'plugin', 'run', 'guard'].map((name) => join(shared.state, name))
    for (const file of ['openclaw/config/openclaw.json', 'guard/audit/audit.log', 'guard/guard.sqlite']) expect(existsSync(join(shared.state, file))).toBe(true)
    expect(filesWith('hs_vk_', folders).map((file) => basename(file)), 'the search finds what is there').toContain('openclaw.json')
    for (const file of Object.values(shared.keyFiles)) expect(filesWith({ wordsIn: file }, folders)).toEqual([])
  })

  it('reach the provider, and the virtual key never does', () => {
    const seen = readFileSync(shared.upstream.record, 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { key: string }).key)
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.filter((key) => !realKeys.includes(key))).toEqual([])
    expect(readFileSync(shared.upstream.record, 'utf8')).not.toContain(virtualKey())
  })
})

/** What OpenClaw holds instead of them. */
function virtualKey(): string {
  return /"(hs_vk_[^"]+)"/.exec(readFileSync(join(shared.state, 'openclaw/config/openclaw.json'), 'utf8'))![1]!
}

describe("the gateway's user", () => {
  it('is one of its own, and nothing of the guard runs as it', () => {
    const uid = gatewayUid(shared)
    expect(uid).toBeGreaterThan(60_000)
    expect(processesOf(uid).length).toBeGreaterThan(0)
    expect(processesOf(uid)).not.toContain(guardPid(shared))
  })

  it("cannot read, list or change the guard's files, nor its own configuration", () => {
    const guard = join(shared.state, 'guard')
    const attempts = [
      `cat ${guard}/audit/audit.log`,
      `ls ${guard}`,
      `ls ${shared.state}`,
      `cat ${guard}/secrets.json`,
      `cat ${guard}/operator.token`,
      `cat /proc/${guardPid(shared)}/environ`,
      `touch ${shared.state}/openclaw/config/openclaw.json`,
      `touch ${shared.state}/openclaw/config/other.json`,
      `touch ${shared.state}/plugin/index.js`,
      `cat ${shared.keyFiles.openai}`,
    ]
    for (const attempt of attempts) expect(asGateway(attempt), attempt).toMatchObject({ status: 1, stderr: expect.stringMatching(/Permission denied|cannot open/) })
    expect(asGateway(`cat ${shared.state}/openclaw/config/openclaw.json`), 'what it must read it can').toMatchObject({ status: 0 })
  })

  it('has no capability and no way to gain one', () => {
    const [pid] = processesOf(gatewayUid(shared))
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    expect(status).toMatch(/^NoNewPrivs:\t1$/m)
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) expect(status).toMatch(new RegExp(`^${set}:\\t0+$`, 'm'))
    expect(status).toMatch(/^Groups:\t *$/m)
  })
})

/** What a shell of the agent's would get. `ls` ends with 2 where `cat` ends with 1: both are a no. */
function asGateway(line: string): { status: number | null; stderr: string } {
  const uid = String(gatewayUid(shared))
  const [program, ...args] = line.split(' ')
  const { status, stderr } = spawnSync('setpriv', ['--reuid', uid, '--regid', uid, '--clear-groups', '--', program!, ...args], { encoding: 'utf8' })
  return { status: status === 0 ? 0 : 1, stderr }
}

/** Files below the folders that contain a text; the secret ones come from a file, since arguments are for all to see. */
function filesWith(text: string | { wordsIn: string }, folders: readonly string[]): string[] {
  const pattern = typeof text === 'string' ? ['-e', text] : ['-f', text.wordsIn]
  const { status, stdout } = spawnSync('grep', ['-rlaF', '-D', 'skip', ...pattern, ...folders], { encoding: 'utf8' })
  if (status === null) throw new Error('grep did not run')
  return stdout.split('\n').filter(Boolean)
}
