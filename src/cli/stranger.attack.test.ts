import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { run } from './run.ts'
import type { Terminal } from './terminal.ts'

// What a stranger with a clone and a bad openclaw.json types, and what they are told to type next.
let home: string
let out: string[]
let err: string[]

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hardshell-stranger-'))
  mkdirSync(join(home, '.openclaw'), { mode: 0o700 })
  writeFileSync(join(home, '.openclaw/openclaw.json'), '{ gateway: { bind: "lan" } }\n', { mode: 0o600 })
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

async function typed(line: string): Promise<{ exit: number; out: string; err: string }> {
  out = []
  err = []
  const terminal: Terminal = { out: (text) => void out.push(text), err: (text) => void err.push(text), ask: async () => await Promise.resolve(null), input: async () => await Promise.resolve(''), paint: (_, text) => text, env: { HOME: home, USER: 'anna' }, cwd: home, self: './hardshell' }
  const exit = await run([...line.split(' '), '--state', join(home, 'state')], terminal)
  return { exit, out: out.join('\n'), err: err.join('\n') }
}

it.each([['harden undo', 2], ['harden --only nonsense', 2], ['security audit --only foo.bar', 2], ['checklist revoke 1.exercise', 2], ['egress reload', 4]])('the next command after an error is called as it is here: %s', async (line, exit) => {
  const said = await typed(line)
  expect(said.exit).toBe(exit)
  expect(said.err).toMatch(/try: \.\/hardshell /)
})

it('a misspelt option names the help as it is called here', async () => {
  expect((await typed('harden --olny x')).err).toContain('(./hardshell --help')
})

it('harden repeats what it was asked for in the commands it prints, and counts nothing that was not handed over', async () => {
  const { out: told } = await typed(`harden --only gateway --config ${home}/.openclaw/openclaw.json`)
  expect(told).toContain(`./hardshell harden --only gateway --config ${home}/.openclaw/openclaw.json --state ${home}/state --yes`)
  const all = await typed(`harden --dry-run --json --profile production --config ${home}/.openclaw/openclaw.json`)
  expect((JSON.parse(all.out) as { unknown: { why: string }[] }).unknown.filter(({ why }) => /--(host-root|state-dir) DIR/.test(why))).toEqual([])
})

it('a plan that waits for a word is not told as one that is done', async () => {
  const { out: told, err: talk } = await typed(`harden --only gateway.bind-loopback --config ${home}/.openclaw/openclaw.json`)
  expect(talk).toContain('What could be done, with restarts:')
  expect(told).toContain('nothing to change')
})

it('an area or the beginning of an id is understood', async () => {
  expect((await typed('security explain gateway')).err).toContain('./hardshell security checks --area gateway')
  expect((await typed('security explain gateway.bind')).err).toContain('did you mean gateway.bind-loopback?')
})

it('what was not asked is not said to be gone, and a misspelt suppression is named', async () => {
  const suppression = (id: string): string => `    - {id: ${id}, reason: x, owner: a, expires: 2999-01-31}\n`
  writeFileSync(join(home, 'posture.yaml'), `posture:\n  suppressions:\n${suppression('sshd.unusual-port')}${suppression('gateway.bind')}`)
  const { out: told } = await typed(`security audit --no-native --only gateway.bind-loopback --settings ${home} --config ${home}/.openclaw/openclaw.json`)
  expect(told).not.toContain('sshd.unusual-port')
  expect(told.replaceAll(/\s+/g, ' ')).toContain('nothing is accepted for gateway.bind: there is no such check; did you mean gateway.bind-loopback?')
})

it('a mistake in posture.yaml names the command for its folder', async () => {
  writeFileSync(join(home, 'posture.yaml'), 'posture:\n  supressions: []\n')
  const said = await typed(`security audit --no-native --settings ${home}`)
  expect(said.exit).toBe(3)
  expect(said.err).toContain(`./hardshell config check --config ${home}`)
})

it.each(['advisories seal /nowhere --date 2026-11-20', 'compromise assess --indicators /nowhere'])('what cannot be read is exit 7 with a next step: %s', async (line) => {
  const said = await typed(line)
  expect(said.exit).toBe(7)
  expect(said.err).toContain('try: ')
})
