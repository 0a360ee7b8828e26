import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mergeNative } from './native-merge.ts'
import { readNative, type NativeFinding } from './native-output.ts'
import { askNative, type NativeAnswer, type RunNative } from './native.ts'
import { checks } from './registry.ts'

const audit = `warning: something\n${JSON.stringify({ summary: {}, findings: [
  { checkId: 'summary.attack_surface', severity: 'info', title: 'x' },
  { checkId: 'gateway.bind_no_auth', severity: 'critical', title: 'open', detail: 'lan', remediation: 'set it' },
] }, null, 2)}`

describe("what OpenClaw's judges print", () => {
  it('is read behind its warnings, in our words for how bad it is, without its summary', () => {
    expect(readNative('security audit', audit)).toEqual([{ id: 'gateway.bind_no_auth', judge: 'security audit', severity: 'critical', title: 'open', at: 'gateway.bind_no_auth', evidence: 'lan', want: 'set it' }])
  })

  it('names the same thing once: plaintext secrets of two of them, audit findings the doctor repeats', () => {
    const secrets = readNative('secrets audit', JSON.stringify({ findings: [{ code: 'PLAINTEXT_FOUND', severity: 'warn', file: '/x', jsonPath: 'a.token', message: 'plain' }, { code: 'REF_UNRESOLVED', severity: 'error', message: 'gone' }] }))
    expect(secrets.map(({ id, at, severity }) => [id, at, severity])).toEqual([['config.plaintext_secrets', 'a.token', 'medium'], ['secrets.ref_unresolved', 'secrets.ref_unresolved', 'high']])
    const doctor = readNative('doctor', JSON.stringify({ findings: [{ checkId: 'core/doctor/security', requirement: 'gateway.bind_no_auth', severity: 'error', message: 'CRITICAL: open' }, { checkId: 'core/doctor/cron', severity: 'warning', message: 'late' }] }))
    expect(doctor.map(({ id, severity }) => [id, severity])).toEqual([['gateway.bind_no_auth', 'critical'], ['core/doctor/cron', 'info']])
  })

  it('is unknown when there is no verdict in it', () => {
    for (const output of ['', 'all fine', '{"findings":3}', '{"broken']) expect(() => readNative('doctor', output)).toThrow(/verdict|JSON/)
  })
})

describe('merging', () => {
  const said = (id: string, more: Partial<NativeFinding> = {}): NativeFinding => ({ id, judge: 'security audit', severity: 'medium', title: 't', at: id, evidence: 'e', want: 'w', ...more })
  const none = { checks: [], passed: [] }

  it('tells once what one of ours covers, with both ids', () => {
    const merged = mergeNative([{ covers: ['gateway.bind_no_auth', 'channels.*.dm.open'] }], [said('gateway.bind_no_auth'), said('channels.telegram.dm.open'), said('channels.a.b.dm.open')], none)
    expect(merged.findings[0]?.also).toEqual(['gateway.bind_no_auth', 'channels.telegram.dm.open'])
    expect(merged.native.map(({ id }) => id)).toEqual(['channels.a.b.dm.open'])
  })

  it('lists what only OpenClaw says, once, and which of our checks was satisfied all the same', () => {
    const check = { ...checks[0]!, id: 'x.y', covers: ['fs.x'] }
    const { native } = mergeNative([], [said('fs.x'), said('fs.x', { judge: 'doctor', at: 'elsewhere' })], { checks: [check], passed: ['x.y'] })
    expect(native.map(({ id, contradicts }) => [id, contradicts])).toEqual([['fs.x', ['x.y']]])
  })
})

describe('asking them', () => {
  function installation(): { config: string; stateDir: string; outside: string } {
    const root = mkdtempSync(join(tmpdir(), 'native-'))
    const stateDir = join(root, '.openclaw')
    for (const path of ['openclaw.json', 'agents/main/agent.json', 'agents/main/sessions/a.jsonl', 'extensions/x/node_modules/y/index.js']) {
      mkdirSync(dirname(join(stateDir, path)), { recursive: true })
      writeFileSync(join(stateDir, path), '{}', { mode: 0o640 })
    }
    writeFileSync(join(root, 'outside'), 'mine')
    symlinkSync(join(root, 'outside'), join(stateDir, 'link'))
    return { config: join(stateDir, 'openclaw.json'), stateDir, outside: join(root, 'outside') }
  }
  const request = (place: { config: string; stateDir: string }) => ({ entry: 'openclaw.mjs', ...place, user: null, timeoutMs: 1000, signal: new AbortController().signal, compileCache: null })

  it('is done on a copy with the same modes, in a clean environment, and nothing is left', async () => {
    const place = installation()
    const seen: { env: Readonly<Record<string, string>>; cwd: string; args: readonly string[] }[] = []
    const run: RunNative = async (args, { env, cwd }) => {
      seen.push({ env, cwd, args })
      const state = env['OPENCLAW_STATE_DIR']!
      expect(statSync(join(state, 'agents/main/agent.json')).mode & 0o777).toBe(0o640)
      expect([existsSync(join(state, 'link')), existsSync(join(state, 'agents/main/sessions/a.jsonl')), existsSync(join(state, 'extensions/x/node_modules'))]).toEqual([false, false, false])
      writeFileSync(join(state, `written-${args[1]}`), 'x') // as OpenClaw does with its database
      return { status: 1, out: JSON.stringify({ findings: [{ checkId: 'fs.config', severity: 'warn', title: 'T', detail: `${env['OPENCLAW_CONFIG_PATH']} is open` }] }), err: '' }
    }
    const answers = await askNative(request(place), run)
    expect(answers.map(({ judge, unknown }) => [judge, unknown])).toEqual([['security audit', null], ['secrets audit', null], ['doctor', null]])
    expect(answers[0]?.findings[0]?.evidence).toBe(`${place.config} is open`)
    expect(readdirSync(place.stateDir).sort()).toEqual(['agents', 'extensions', 'link', 'openclaw.json'])
    expect(readFileSync(place.outside, 'utf8')).toBe('mine')
    expect(seen[0]!.env, 'nobody asked for the network').toMatchObject({ OPENCLAW_OFFLINE: '1', HTTPS_PROXY: 'http://127.0.0.1:1' })
    expect(Object.keys(seen[0]!.env).filter((name) => !/^(OPENCLAW_|PATH|HOME|TMPDIR|LANG|NODE_COMPILE_CACHE|NODE_USE_ENV_PROXY|HTTPS?_PROXY$|npm_config_offline$)/.test(name))).toEqual([])
    expect(existsSync(seen[0]!.cwd)).toBe(false)
  })

  it('tells each answer as it comes, and says unknown of whoever gives none', async () => {
    const told: string[] = []
    const run: RunNative = async (args) => {
      if (args.includes('doctor')) throw new Error('cannot be started')
      return args.includes('secrets') ? { status: 'SIGKILL', out: '', err: '' } : { status: 2, out: '', err: 'boom\n' }
    }
    const answers = await askNative(request(installation()), run, ({ judge, unknown }: NativeAnswer) => void told.push(`${judge}: ${unknown}`))
    expect(answers.every(({ findings }) => findings.length === 0)).toBe(true)
    expect(told.sort()).toEqual(['doctor: cannot be started', 'secrets audit: no answer within 1 s', 'security audit: printed no verdict (ended with 2): boom'])
  })

  it('does not wait for a program that outlives the killing of its group', async () => {
    const ending = new AbortController()
    const asked = askNative({ ...request(installation()), timeoutMs: 60_000, signal: ending.signal }, async () => await new Promise(() => undefined))
    ending.abort()
    expect((await asked).map(({ unknown }) => unknown !== null)).toEqual([true, true, true])
  })

  it('says unknown of all when the installation cannot be copied', async () => {
    const answers = await askNative(request({ config: '/nowhere/openclaw.json', stateDir: '/nowhere' }), async () => await Promise.reject(new Error('not run')))
    expect(answers.map(({ unknown }) => unknown?.includes('could not be copied'))).toEqual([true, true, true])
  })
})
