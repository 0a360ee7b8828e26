import { closeSync, mkdtempSync, openSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Status } from '../control/index.ts'
import { allErrors, exitCodes } from './exit-codes.ts'
import { withHandedKeys } from './handed-keys.ts'
import { run } from './run.ts'
import { screen } from './screen.ts'
import { columns, type Terminal } from './terminal.ts'

function terminal(more: Partial<Terminal> = {}) {
  const said = { out: '', err: '' }
  const made: Terminal = {
    out: (text) => void (said.out += `${text}\n`), err: (text) => void (said.err += `${text}\n`),
    input: async () => '', ask: async () => null, paint: (_, text) => text, env: { HARDSHELL_STATE: join(tmpdir(), 'no-such-state') }, cwd: tmpdir(), self: 'hardshell', ...more,
  }
  return { made, said }
}

describe('the command line', () => {
  it('ends with 2 and a suggestion for a command it does not know', async () => {
    const { made, said } = terminal()
    expect(await run(['statsu'], made)).toBe(2)
    expect(said.err).toContain('status')
    expect(said.out).toBe('')
  })

  it('shows an example in the help of every command', async () => {
    for (const words of [['start'], ['status'], ['prove'], ['adopt'], ['audit', 'verify'], ['agent', 'disable'], ['serve', 'model'], ['config', 'check'], ['redact']]) {
      const { made, said } = terminal()
      expect([words, await run([...words, '--help'], made)]).toEqual([words, 0])
      expect(said.out).toContain('Example:')
    }
  })

  it('says with 4 which command starts a guard when none is running, as JSON too', async () => {
    const { made, said } = terminal()
    expect(await run(['status'], made)).toBe(4)
    expect(said.err).toContain('try: hardshell start')
    expect(await run(['pause', '--all', '--json'], made)).toBe(4)
    expect(JSON.parse(said.out)).toMatchObject({ ok: false, error: { code: 'control.unreachable' } })
  })

  it('refuses a duration and a number that are none, by name', async () => {
    const { made, said } = terminal()
    expect(await run(['audit', 'search', '--last', 'yesterday'], made)).toBe(2)
    expect(said.err).toContain('--last yesterday')
    expect(await run(['audit', 'search', '--limit', 'many'], made)).toBe(2)
    expect(said.err).toContain('--limit many')
  })

  it('shows the names of variables and never a sensitive value', async () => {
    const { made, said } = terminal({ env: { PLAIN: 'yes', MY_TOKEN: 'hush-1', ODD: `ghp_${'a1B2'.repeat(9)}` } })
    expect(await run(['debug', 'env', '--redact-sensitive', '--json'], made)).toBe(0)
    expect(said.out).not.toMatch(/hush-1|ghp_/)
    expect(JSON.parse(said.out).variables).toContainEqual({ name: 'PLAIN', sensitive: false, value: 'yes' })
  })

  it('lists what it finds as UTF-16 offsets', async () => {
    const text = `🦞 ghp_${'a1B2'.repeat(9)}`
    const { made, said } = terminal({ input: async () => text })
    expect(await run(['redact', '--json'], made)).toBe(0)
    const [found] = JSON.parse(said.out) as { start: number; end: number }[]
    expect(text.slice(found!.start, found!.end)).toMatch(/^ghp_\w{36}$/)
  })

  it('has an exit code in the public table for every error of every room', () => {
    expect(Object.keys(allErrors).length).toBeGreaterThan(40)
    const unknown = Object.entries(allErrors).filter(([, { exit }]) => !(exit in exitCodes))
    expect(unknown).toEqual([])
  })
})

describe('keys handed over by the launcher', () => {
  it('come from the descriptor, and the environment itself never holds them', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'keys-')), 'keys')
    writeFileSync(file, 'OPENAI_API_KEY=sk-one=two\nnot a line\nACME_API_KEY=x\n')
    const descriptor = openSync(file, 'r')
    const env = withHandedKeys({ HARDSHELL_KEYS_FD: String(descriptor), PATH: '/bin' })
    expect(env).toEqual({ PATH: '/bin', OPENAI_API_KEY: 'sk-one=two', ACME_API_KEY: 'x' })
    expect(process.env['OPENAI_API_KEY']).toBeUndefined()
    expect(() => closeSync(descriptor)).toThrow(/EBADF/)
  })
})

describe('the screen', () => {
  const status: Status = {
    ok: false,
    surfaces: [{ id: 'egress', title: 'closed', ok: false, provenAt: null, detail: 'a tunnel opened' }],
    gateway: { version: '1', state: 'ready', pid: 1, port: 2, restarts: 3 },
    audit: { before: { critical: 1, warn: 2, info: 3 }, after: null },
    boundaries: [{ id: 'own-user', stands: false, detail: 'one user for both', hint: 'run as root' }],
    addresses: { ingress: 'http://i', model: 'http://m', egress: 'http://e', dns: '127.0.0.1:4', control: '/var/lib/hardshell/guard/control.sock' },
    paused: { by: 'ana', reason: 'odd mails', since: '2026-01-01T00:00:00.000Z' },
    disabledAgents: ['bob'],
    staleSecrets: [{ name: 'TRIAL_API_KEY', store: 'vault', since: '2026-01-02T03:04:05.000Z' }],
    spend: { todayMicroUsd: 1_000_000, monthMicroUsd: 2_000_000, dayLimitMicroUsd: null, monthLimitMicroUsd: 3_000_000 },
    provider: 'scripted', log: { path: '/l', entries: 4 }, startedAt: '2026-01-01T00:00:00.000Z', configuration: { directory: null, notEnforced: 2 },
  }

  it('says what is red, what is missing, what is stopped and what is unknown', () => {
    const text = screen(status, terminal().made)
    for (const part of ['not proven', 'a tunnel opened', 'never proven', 'one user for both', 'run as root', 'by ana: odd mails', 'bob', 'vault says nothing: TRIAL_API_KEY is used as of 2026-01-02T03:04:05.000Z', 'after: unknown', 'restarted 3×', 'of no limit', '2 accepted and not enforced yet']) {
      expect(text).toContain(part)
    }
  })

  it('names a state folder that is not the usual one in every command', () => {
    const elsewhere = { ...status, addresses: { ...status.addresses, control: '/tmp/x/guard/control.sock' } }
    expect(screen(elsewhere, terminal().made)).toContain('hardshell prove --state /tmp/x')
    expect(screen(status, terminal().made)).not.toContain('--state')
  })

  it('lines up columns by what is seen, not by colour codes', () => {
    expect(columns([['\u001b[32ma\u001b[39m', 'x'], ['bbb', 'y']]).split('\n').map((line) => line.replaceAll(/\u001b\[\d+m/g, ''))).toEqual(['a    x', 'bbb  y'])
  })
})
