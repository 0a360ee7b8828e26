import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repository, runToEnd, type Ended } from './command.ts'
import { ensureProven } from './installation.ts'
import { sharedInstallation } from './shared.ts'

const shared = sharedInstallation()
const folder = mkdtempSync(join(tmpdir(), 'hardshell-packed-'))
const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** npm as whoever runs the tests has set it up: registry and cache are theirs. */
async function npm(args: string[], cwd: string): Promise<Ended> {
  const own = Object.entries(process.env).filter(([name, value]) => value !== undefined && !/^(npm_(?!config_)|NODE_OPTIONS|VITEST)/i.test(name))
  return await runToEnd('npm', args, { cwd, env: { ...(Object.fromEntries(own) as Record<string, string>), PATH: path } })
}

async function packed(args: string[], input = ''): Promise<Ended> {
  return await runToEnd(process.execPath, [join(folder, 'node_modules/hardshell/dist/src/cli/main.js'), ...args], { cwd: folder, env: { HOME: folder }, input })
}

beforeAll(async () => {
  // Lifecycle scripts are off, so packing does not build by itself (npm run pack does both).
  const built = await runToEnd(process.execPath, [join(repository, 'scripts/build.ts')], { cwd: repository })
  expect(built.status, built.err).toBe(0)
  const pack = await npm(['pack', '--pack-destination', folder], repository)
  expect(pack.status, pack.err).toBe(0)
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n')
  const installed = await npm(['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', `./${tarball}`], folder)
  expect(installed.status, installed.err).toBe(0)
})

const commands = [
  'start',
  'status',
  'prove',
  'adopt',
  'serve model',
  'serve egress',
  'serve ingress',
  'agent disable',
  'agent enable',
  'agent list',
  'pause',
  'resume',
  'audit verify',
  'audit search',
  'audit stream',
  'logs',
  'spend',
  'config check',
  'secrets put',
  'secrets list',
  'redact',
  'debug env',
  'health check',
]

describe('the packed program, installed in an empty folder', () => {
  it('is what npm links as `hardshell`', async () => {
    const linked = await runToEnd(join(folder, 'node_modules/.bin/hardshell'), ['--version'], { cwd: folder, env: { PATH: path, HOME: folder } })
    expect(linked).toMatchObject({ status: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
  })

  it.each(commands)('helps with %s', async (words) => {
    const ended = await packed([...words.split(' '), '--help'])
    expect(ended.status, ended.err).toBe(0)
    expect(ended.out).toContain('Example:')
  })

  it('says in one line what it does not know', async () => {
    const ended = await packed(['frobnicate'])
    expect(ended).toMatchObject({ status: 2, out: '' })
    expect(ended.err).toContain('unknown command')
  })

  it('runs the commands that need no guard', async () => {
    const secret = ['ghp', 'a1B2'.repeat(9)].join('_')
    const redacted = await packed(['redact'], `token ${secret} end`)
    expect(redacted.status).toBe(0)
    expect(redacted.out).toMatch(/^token (?!ghp_).* end$/)
    const listed = await packed(['redact', '--json'], `token ${secret} end`)
    expect(JSON.parse(listed.out)).toMatchObject([{ start: 6, end: 6 + secret.length }])

    mkdirSync(join(folder, 'config'))
    writeFileSync(join(folder, 'config/config.yaml'), 'budgets:\n  per_sesion: $1\n')
    const check = await packed(['config', 'check', '--config', join(folder, 'config')])
    expect(check.status).toBe(3)
    expect(check.out + check.err).toMatch(/config\.yaml:2:3.*per_sesion.*per_session/s)
    writeFileSync(join(folder, 'config/config.yaml'), 'budgets:\n  per_session: $1\n')
    expect(await packed(['config', 'check', '--config', join(folder, 'config')])).toMatchObject({ status: 0 })

    const verified = await packed(['audit', 'verify', '--file', shared.log, '--json'])
    expect(JSON.parse(verified.out)).toMatchObject({ ok: true, firstBad: null })
    const state = join(folder, 'state')
    expect((await packed(['status', '--state', state])).status).toBe(4)
    expect((await packed(['debug', 'env', '--redact-sensitive'])).status).toBe(0)
    expect((await packed(['secrets', 'put', 'SOME_NAME', '--state', state], 'some value')).status).toBe(0)
    expect((await packed(['secrets', 'list', '--state', state])).out).toContain('SOME_NAME')
  })

  it('asks a running guard', async () => {
    await ensureProven(shared)
    for (const args of [['status'], ['spend'], ['agent', 'list'], ['audit', 'search', '--last', '1h', '--limit', '1'], ['logs', 'main'], ['health', 'check']]) {
      const ended = await packed([...args, '--json', '--state', shared.state])
      expect(ended.status, `${args.join(' ')}: ${ended.err}`).toBe(0)
      expect(() => JSON.parse(ended.out), args.join(' ')).not.toThrow()
    }
  })

  it('is a library too', async () => {
    const program = "import { Agent, InputValidator, OutputSanitizer, redactSecrets, validateTask } from 'hardshell'; console.log([Agent, InputValidator, OutputSanitizer, redactSecrets, validateTask].map((f) => typeof f).join())"
    const ended = await runToEnd(process.execPath, ['--input-type=module', '-e', program], { cwd: folder, env: { HOME: folder } })
    expect(ended.out, ended.err).toBe('function,function,function,function,function\n')
  })

  it('carries the plugin, without which nothing can be guarded', () => {
    expect(readdirSync(join(folder, 'node_modules/hardshell/plugin'))).toContain('openclaw.plugin.json')
  })
})
