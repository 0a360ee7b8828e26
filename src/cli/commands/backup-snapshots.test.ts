import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Terminal } from '../terminal.ts'
import { diff, keep, listAll, show } from './backup-snapshots.ts'
import { restore } from './backup-snapshots-restore.ts'

let folder: string
let said: string[]
let control: Server | undefined
const secret = ['hs', 'tok', 'Zq8vN2mK4wR7tY1pL5sD9fG3hJ6k'].join('_')
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hardshell-snapshots-cli-'))
  mkdirSync(join(folder, 'state/guard'), { recursive: true, mode: 0o700 })
  mkdirSync(join(folder, 'state/openclaw/config'), { recursive: true })
  mkdirSync(join(folder, 'settings'))
  writeFileSync(join(folder, 'settings/config.yaml'), 'proof:\n  every: 5m\n')
  said = []
})
afterEach(() => {
  control?.close()
  control = undefined
  rmSync(folder, { recursive: true, force: true })
})

const terminal = (answer: string | null = null): Terminal => ({ out: (text: string) => said.push(text), err: (text: string) => said.push(text), ask: async () => await Promise.resolve(answer), input: async () => await Promise.resolve(''), paint: (_: string, text: string) => text, env: { USER: 'anna', HARDSHELL_STATE: join(folder, 'state') }, cwd: folder, self: 'hardshell' })
const options = (more: object = {}): { config: string } => ({ config: join(folder, 'settings'), ...more })
const yaml = (text?: string): string => {
  if (text !== undefined) writeFileSync(join(folder, 'settings/config.yaml'), text)
  return readFileSync(join(folder, 'settings/config.yaml'), 'utf8')
}

async function kept(): Promise<string> {
  said = []
  await keep(options({ json: true }), terminal())
  const { id } = JSON.parse(said.join('\n')) as { id: string }
  said = []
  return id
}

it('never shows a secret, in no list, content or difference', async () => {
  const file = join(folder, 'state/openclaw/config/openclaw.json')
  writeFileSync(file, `{ gateway: { auth: { token: "${secret}" } }, // mine\n}\n`)
  const id = await kept()
  writeFileSync(file, `{ gateway: { auth: { token: "${secret}x" } },\n  tools: { profile: "full" } }\n`)
  const other = await kept()
  for (const more of [{}, { json: true }]) {
    await listAll(options(more), terminal())
    await show(id, options(more), terminal())
    expect(await diff(id, undefined, options(more), terminal())).toBe(1)
    expect(await diff(id, other, options(more), terminal())).toBe(1)
    expect(await diff(other, undefined, options(more), terminal())).toBe(0)
    expect(await restore(id, { ...options(more), dryRun: true }, terminal())).toBe(0)
  }
  const all = said.join('\n')
  expect(all).toContain('// mine')
  expect(all).toContain('profile: "full"')
  expect(all).toContain('[redacted]')
  expect(all).not.toContain(secret)
})

it('puts back what was asked for after a yes, is logged, and names the way back', async () => {
  const id = await kept()
  yaml('proof:\n  every: 1m # mine\n')
  expect(await restore(id, options(), terminal('n'))).toBe(0)
  expect(yaml()).toContain('1m')
  said = []
  expect(await restore(id, options(), terminal('y'))).toBe(0)
  expect(yaml()).toBe('proof:\n  every: 5m\n')
  expect(readFileSync(join(folder, 'state/guard/audit/audit.log'), 'utf8')).toContain('"rule":"backup.restored"')
  const back = /Back: hardshell backup snapshots restore (\S+)/.exec(said.join('\n'))![1]!
  expect(await restore(back, { ...options(), yes: true }, terminal())).toBe(0)
  expect(yaml()).toBe('proof:\n  every: 1m # mine\n')
})

it('does not leave settings that no guard would start with', async () => {
  yaml('proof:\n  evry: 5m\n')
  const id = await kept()
  yaml('proof:\n  every: 1m\n')
  await expect(restore(id, { ...options(), yes: true }, terminal())).rejects.toMatchObject({ code: 'backup.not-restored', message: expect.stringContaining('evry') })
  expect(yaml()).toBe('proof:\n  every: 1m\n')
})

it('is refused while a guard runs', async () => {
  const id = await kept()
  yaml('proof:\n  every: 1m\n')
  control = createServer((_, response) => response.setHeader('content-type', 'application/json').end('{}'))
  await new Promise<void>((resolve) => control!.listen(join(folder, 'state/guard/control.sock'), resolve))
  await expect(restore(id, { ...options(), yes: true }, terminal())).rejects.toMatchObject({ code: 'guard.already-running' })
  expect(yaml()).toContain('1m')
})
