import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { settleHardenings } from '../harden-unfinished.ts'
import type { Terminal } from '../terminal.ts'
import { harden, type HardenOptions } from './harden.ts'
import { confirm } from './harden-confirm.ts'
import { list, undo } from './harden-undo.ts'

let folder: string
let config: string
let said: string[]
const before = '{\n  // mine\n  gateway: { bind: "lan" },\n}\n'

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hardshell-harden-cli-'))
  config = join(folder, 'root/home/claw/.openclaw/openclaw.json')
  mkdirSync(join(folder, 'root/home/claw/.openclaw'), { recursive: true, mode: 0o700 })
  writeFileSync(config, before, { mode: 0o600 })
  said = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const terminal = (answer: string | null = null): Terminal => ({ out: (text: string) => said.push(text), err: (text: string) => said.push(text), ask: async () => await Promise.resolve(answer), input: async () => await Promise.resolve(''), paint: (_: string, text: string) => text, env: { USER: 'anna' }, cwd: folder, self: 'hardshell' })
const options = (more: HardenOptions = {}): HardenOptions => ({ state: join(folder, 'state'), config: join(config), hostRoot: join(folder, 'root'), only: ['gateway.bind-loopback'], profile: 'personal', confirmWithin: '5m', ...more })
const logged = (): string[] => [...readFileSync(join(folder, 'state/guard/audit/audit.log'), 'utf8').matchAll(/"rule":"(harden[^"]*)"/g)].map(([, rule]) => rule!)

it('shows the plan and changes nothing on --dry-run', async () => {
  expect(await harden(options({ dryRun: true }), terminal())).toBe(0)
  expect(said.join('\n')).toContain('+  gateway: { bind: "loopback" },')
  expect(said.at(-1)).toBe('nothing was changed')
  expect(readFileSync(config, 'utf8')).toBe(before)
})

it('does nothing that restarts without a word, and names it', async () => {
  expect(await harden(options(), terminal())).toBe(0)
  expect(said.join('\n')).toContain('waiting for --yes: gateway.bind-loopback (restart)')
  expect(readFileSync(config, 'utf8')).toBe(before)
})

it.each([['--yes', { yes: true }, null], ['a yes on the terminal', {}, 'y']])('applies with %s, is logged, lists itself, has nothing to do again, and undoes', async (_, more, answer) => {
  expect(await harden(options(more), terminal(answer))).toBe(0)
  expect(readFileSync(config, 'utf8')).toBe(before.replace('lan', 'loopback'))
  said = []
  expect(await harden(options({ yes: true }), terminal())).toBe(0)
  expect(said).toEqual(['nothing to change'])
  said = []
  expect(await list({ ...options(), json: true }, terminal())).toBe(0)
  expect(JSON.parse(said.join('\n'))).toMatchObject([{ by: 'anna', state: 'kept', steps: 1 }])
  expect(await undo(undefined, options(), terminal())).toBe(0)
  expect(readFileSync(config, 'utf8')).toBe(before)
  said = []
  expect(await undo(undefined, { ...options(), json: true }, terminal())).toBe(0)
  expect(JSON.parse(said.join('\n'))).toMatchObject({ already: true, left: [] })
  expect(logged()).toEqual(['harden.applied', 'harden.undone'])
})

it('has nothing to confirm or to undo at first', async () => {
  await expect(confirm(undefined, options(), terminal())).rejects.toMatchObject({ code: 'posture.run-unknown' })
  await expect(undo(undefined, options(), terminal())).rejects.toMatchObject({ code: 'posture.run-unknown' })
  await expect(undo('../../etc', options(), terminal())).rejects.toMatchObject({ code: 'posture.run-unknown' })
})

it.each(['4s', '2h', 'soon'])('refuses to wait %s for a confirmation', async (confirmWithin) => {
  await expect(harden(options({ confirmWithin }), terminal())).rejects.toMatchObject({ code: 'cli.usage' })
})

it('is taken back by the next start of a guard when somebody died in it, and left alone when it is over', async () => {
  await settleHardenings(options() as { state: string }, terminal())
  expect(said).toEqual([])
  expect(await harden(options({ yes: true }), terminal())).toBe(0)
  await settleHardenings(options() as { state: string }, terminal())
  expect(readFileSync(config, 'utf8'), 'it is kept').toBe(before.replace('lan', 'loopback'))
  const [run] = readdirSync(join(folder, 'state/guard/harden'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  writeFileSync(join(folder, 'state/guard/harden', run!.name, 'standing.json'), JSON.stringify({ state: 'applying', deadlineAt: null, left: [] }))
  said = []
  await settleHardenings(options() as { state: string }, terminal())
  expect(said).toEqual([`! hardening ${run!.name} was never finished or confirmed: it is taken back`])
  expect(readFileSync(config, 'utf8')).toBe(before)
  expect(logged()).toEqual(['harden.applied', 'harden.undone'])
})
