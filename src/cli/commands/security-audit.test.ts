import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../run.ts'
import type { Terminal } from '../terminal.ts'

const program = join(import.meta.dirname, '../../../hardshell')

interface Ran { status: number; out: string; err: string }

/** The command line as a process of its own, in a home where nothing is but what a test put there. */
async function hardshell(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const home = env['HOME'] ?? mkdtempSync(join(tmpdir(), 'home-'))
  return await new Promise((resolve) => {
    const whole = { PATH: process.env['PATH'] ?? '', HOME: home, HARDSHELL_STATE: join(home, '.hardshell'), ...env }
    const child = execFile(program, [...args], { env: whole, cwd: home }, (error, out, err) => resolve({ status: error === null ? 0 : Number(error.code), out, err }))
    child.stdin?.end()
  })
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'audit-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true, mode: 0o700 })
    writeFileSync(join(root, path), text, { mode: 0o600 })
  }
  return root
}

const open = '{\n  // copied from somewhere\n  gateway: { mode: "local",\n    bind: "lan", auth: { mode: "none" } },\n}\n'

describe('hardshell security audit, the contract', { timeout: 30_000 }, () => {
  it('judges given files offline: one JSON object with grade, findings and unknown', async () => {
    const root = folderWith({ 'home/ann/.openclaw/openclaw.json': open, 'etc/ssh/sshd_config': 'PermitRootLogin yes\n', 'etc/passwd': 'ann:x:1000:1000::/home/ann:/bin/sh\n' })
    const state = join(root, 'home/ann/.openclaw')
    const { status, out, err } = await hardshell(['security', 'audit', '--json', '--config', join(state, 'openclaw.json'), '--state-dir', state, '--host-root', root, '--no-native'])
    expect([status, err]).toEqual([1, ''])
    const report = JSON.parse(out)
    expect(report.grade).toMatch(/^[A-F]$/)
    expect(Array.isArray(report.unknown)).toBe(true)
    for (const finding of report.findings) expect(finding).toMatchObject({ id: expect.any(String), severity: expect.stringMatching(/^(critical|high|medium|low|info)$/), at: expect.any(String), evidence: expect.any(String), fixable: expect.any(Boolean) })
    const ids = report.findings.map(({ id }: { id: string }) => id)
    expect(ids).toEqual(expect.arrayContaining(['gateway.bind-loopback', 'sshd.no-root-password']))
    expect(report.findings.find(({ id }: { id: string }) => id === 'gateway.bind-loopback')).toMatchObject({ at: 'gateway.bind', evidence: 'lan', line: 4 })
    expect(report.native).toEqual([])
  })

  it('does not ask about the machine when only a file is given, and says so', async () => {
    const file = join(folderWith({ 'openclaw.json': open }), 'openclaw.json')
    const { out } = await hardshell(['security', 'audit', '--json', '--config', file])
    const report = JSON.parse(out)
    // Whoever hands over a file may have named a plugin in it: asking OpenClaw would run that.
    expect(report.native).toEqual([])
    expect(report.installation).toMatchObject({ config: file, stateDir: null, machine: null })
    expect(report.notAsked.length).toBeGreaterThan(0)
    expect(report.unknown).toEqual([])
    const told = [...report.findings, ...report.passed.map((id: string) => ({ id }))].map(({ id }) => id)
    expect(told.filter((id: string) => id.startsWith('sshd.'))).toEqual([])
  })

  it('ends with an error that names the place and the next command for a file that is missing, a folder, or void', async () => {
    const root = folderWith({ 'void.json': '\u0000\u0001\u0002', 'list.json': '[1, 2]', 'empty.json': '' })
    const audit = async (path: string): Promise<Ran> => await hardshell(['security', 'audit', '--json', '--no-native', '--config', path])
    const wrong = [['nope.json', 7, 'posture.missing'], ['.', 7, 'posture.unreadable'], ['void.json', 3, 'posture.broken-config'], ['list.json', 3, 'posture.broken-config'], ['empty.json', 3, 'posture.broken-config']] as const
    const ran = await Promise.all(wrong.map(async ([name]) => await audit(join(root, name))))
    for (const [index, [name, status, code]] of wrong.entries()) {
      const { error } = JSON.parse(ran[index]!.out)
      expect([name, ran[index]!.status, error.code]).toEqual([name, status, code])
      expect(error.message).toContain(join(root, name).replace(/\/\.$/, ''))
      expect(error.hint.length).toBeGreaterThan(5)
    }
  })

  it('refuses an OpenClaw that is not where --openclaw says, with what is wrong and the next command', async () => {
    const file = join(folderWith({ 'openclaw.json': open }), 'openclaw.json')
    const nothing = await hardshell(['security', 'audit', '--config', file, '--openclaw', '/nonexistent/openclaw'])
    expect(nothing.status).not.toBe(0)
    expect(nothing.err).toMatch(/there is nothing at \/nonexistent\/openclaw[^]*command -v openclaw/)
    const other = await hardshell(['security', 'audit', '--config', file, '--openclaw', '/bin/sh'])
    expect(other.err).toMatch(/\/bin\/sh is not an openclaw package[^]*npm root -g/)
  })

  it('shows hostile names and does not obey them', async () => {
    const name = 'evil\u001b]0;owned\u0007</script>\u202e'
    const file = join(folderWith({ 'openclaw.json': JSON.stringify({ channels: { telegram: { dmPolicy: 'open', allowFrom: ['*'], accounts: { [name]: { dmPolicy: 'open', allowFrom: ['*'] } } } }, agents: { list: [{ id: name }] } }) }), 'openclaw.json')
    const formats = ['text', 'json', 'sarif', 'junit', 'html']
    const printed = await Promise.all(formats.map(async (format) => await hardshell(['security', 'audit', '--no-native', '--config', file, '--format', format])))
    for (const [index, format] of formats.entries()) {
      const { out } = printed[index]!
      expect(out.length).toBeGreaterThan(100)
      expect([format, /[^\P{Cc}\n]|\p{Cf}/u.test(out)]).toEqual([format, false])
      if (format !== 'text') expect(out).not.toContain('</script>')
    }
  })

  it('names the files again in the command that mends them', async () => {
    const file = join(folderWith({ "it's/openclaw.json": open }), "it's/openclaw.json")
    const { out } = await hardshell(['security', 'audit', '--no-native', '--only', 'gateway.bind-loopback', '--config', file])
    expect(out).toContain(`harden --only gateway.bind-loopback --config '${file.replace("'", String.raw`'\''`)}'`)
  })

  it('writes where --out says, for its owner alone, and ends with 2 for two formats', async () => {
    const root = folderWith({ 'openclaw.json': open })
    const file = join(root, 'report.sarif')
    expect((await hardshell(['security', 'audit', '--no-native', '--config', join(root, 'openclaw.json'), '--format', 'sarif', '--out', file])).status).toBe(1)
    expect(JSON.parse(readFileSync(file, 'utf8')).version).toBe('2.1.0')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect((await hardshell(['security', 'audit', '--json', '--format', 'html'])).status).toBe(2)
    const nowhere = await hardshell(['security', 'audit', '--no-native', '--config', join(root, 'openclaw.json'), '--out', join(root, 'no', 'folder')])
    expect([nowhere.status, nowhere.err.includes('try: --out')]).toEqual([7, true])
  })
})

describe('hardshell security audit at home', { timeout: 30_000 }, () => {
  it('writes nothing into the home of a stranger, and remembers only when asked', async () => {
    const home = folderWith({ '.openclaw/openclaw.json': open })
    const env = { HOME: home, XDG_CACHE_HOME: join(home, '..', 'no-cache') }
    const listed = (): string[] => readdirSync(home, { recursive: true, encoding: 'utf8' }).toSorted((a, b) => a.localeCompare(b))
    const before = listed()
    const audit = async (...more: string[]): Promise<Ran> => await hardshell(['security', 'audit', '--no-native', '--area', 'gateway', ...more], env)
    expect((await audit()).out).toContain('gateway.bind-loopback')
    expect(listed()).toEqual(before)
    expect((await audit('--diff')).out).toContain('no earlier audit is remembered')
    await audit('--remember')
    writeFileSync(join(home, '.openclaw/openclaw.json'), open.replace('lan', 'loopback'))
    expect((await audit('--diff', '--remember')).out).toMatch(/\d+ fixed, \d+ unchanged[^]*- gateway\.bind-loopback/)
  })

  it('accepts what posture.yaml says with reason and owner, counts what has ended, and refuses one without', async () => {
    const home = folderWith({ '.openclaw/openclaw.json': open })
    const settings = (more: string): void => writeFileSync(join(home, '.openclaw/posture.yaml'), `posture:\n  suppressions:\n    - id: gateway.bind-loopback\n      at: gateway.bind\n      reason: lab behind a firewall\n${more}`, { mode: 0o600 })
    const audit = async (): Promise<Ran> => await hardshell(['security', 'audit', '--no-native', '--json', '--only', 'gateway.bind-loopback'], { HOME: home })
    settings('      owner: ana\n      expires: 2999-12-31\n')
    const accepted = await audit()
    expect(JSON.parse(accepted.out)).toMatchObject({ findings: [], suppressed: [{ suppression: { owner: 'ana' } }], grade: 'A' })
    expect(accepted.status).toBe(0)
    settings('      owner: ana\n      expires: 2020-01-01\n')
    expect(JSON.parse((await audit()).out)).toMatchObject({ findings: [{ at: 'gateway.bind' }], expired: [{ owner: 'ana' }] })
    settings('      expires: 2999-12-31\n')
    const wrong = await audit()
    expect([wrong.status, JSON.parse(wrong.out).error.code]).toEqual([3, 'config.invalid'])
    expect(wrong.out).toContain('owner')
  })

  it('ends with 0 where nothing is as bad as asked for, the grade being that of everything', async () => {
    const home = folderWith({ '.openclaw/openclaw.json': open })
    const ran = await hardshell(['security', 'audit', '--no-native', '--json', '--only', 'gateway.bind-loopback', '--min-severity', 'critical'], { HOME: home })
    expect([ran.status, JSON.parse(ran.out).findings, JSON.parse(ran.out).grade]).toEqual([0, [], 'D'])
  })

  it('without any word shows one screen: grade, what first, what to type; and only for a terminal in colour', async () => {
    const home = folderWith({ '.openclaw/openclaw.json': open })
    const { out, status } = await hardshell([], { HOME: home })
    expect(status).toBe(1)
    for (const part of ['Hardshell', '~/.openclaw/openclaw.json', 'First', 'hardshell harden --only', 'more: ', 'nothing was changed', '--help']) expect(out).toContain(part)
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(out).not.toContain('\u001b')
    expect(out.split('\n').length).toBeLessThan(40)
  })
})

describe('hardshell security explain', () => {
  async function said(...args: string[]): Promise<Ran> {
    const spoken = { out: '', err: '' }
    const terminal: Terminal = {
      out: (text) => void (spoken.out += text), err: (text) => void (spoken.err += text), input: async () => '', ask: async () => null,
      paint: (_, text) => text, env: {}, cwd: tmpdir(), self: 'hardshell',
    }
    const status = await run(['security', ...args], terminal)
    return { status, ...spoken }
  }

  it('shows a check by our id or one of OpenClaw, and names the nearest of what is none', async () => {
    const { out } = await said('explain', 'gateway.bind-loopback')
    for (const part of ['Why', 'source: OpenClaw docs', 'Fails on', '- "lan"', '+ "loopback"', 'harden --only gateway.bind-loopback']) expect(out).toContain(part)
    expect((await said('explain', 'config.plaintext_secrets')).out).toContain('secrets.none-in-config')
    const missed = await said('explain', 'gateway.bnd-loopback')
    expect([missed.status, missed.err.includes('did you mean gateway.bind-loopback')]).toEqual([2, true])
  })

  it('lists every check with its area', async () => {
    const list = JSON.parse((await said('checks', '--json')).out)
    expect(list.length).toBeGreaterThanOrEqual(150)
    expect(list.find(({ id }: { id: string }) => id === 'gateway.bind-loopback')).toMatchObject({ area: 'gateway', severity: 'high', fix: 'restart' })
    expect((await said('checks', '--area', 'nope')).status).toBe(2)
  })
})
