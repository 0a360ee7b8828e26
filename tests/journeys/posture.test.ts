import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditReport } from '../../src/posture/index.ts'
import { hardshell, repository, runToEnd } from './command.ts'
import { command, ensureProven } from './installation.ts'
import { sharedInstallation } from './shared.ts'

const shared = sharedInstallation()
const root = mkdtempSync(join(tmpdir(), 'hardshell-posture-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

// What the machine of these tests is like is its own affair; what is judged here is OpenClaw's part and ours.
const ofHost = /^(accounts|apt|cron|disk|fail2ban|firewall|kernel|network|runtime|services|sshd|tls|updates|containers|versions|secrets|backups|alerts|incident|providers|environments)\./

describe('the audit of a guarded OpenClaw', () => {
  beforeAll(async () => void (await ensureProven(shared)))

  it('finds nothing grave in what the guard set up, and sees its proofs', async () => {
    const { out, err } = await command(shared, ['security', 'audit', '--json', '--no-native'])
    const report = JSON.parse(out) as AuditReport
    const grave = report.findings.filter(({ id, severity }) => ['critical', 'high'].includes(severity) && !ofHost.test(id))
    expect(grave.map(({ id, at, evidence }) => `${id} ${at}: ${evidence}`), err).toEqual([])
    expect(report.passed).toEqual(expect.arrayContaining(['guard.surfaces-proven', 'guard.stands-before-gateway', 'gateway.auth-required', 'gateway.bind-loopback', 'files.config-private', 'plugins.paths-trusted']))
  })

  it('plans no change that would take the guard away', async () => {
    const before = readFileSync(join(shared.state, 'openclaw/config/openclaw.json'), 'utf8')
    const { status, out } = await command(shared, ['harden', '--dry-run', '--profile', 'production', '--json'])
    expect([0, 1, 5]).toContain(status)
    // Every step names its diff: whatever line goes, the guard's own wiring is in the one that comes.
    const wiring = ['plugin.sock', 'proxyUrl', 'hardshell-ssh', `${shared.state}/plugin`]
    const { plan } = JSON.parse(out) as { plan: { steps: { what: string; diff: readonly string[] | null }[] } }
    for (const { what, diff } of plan.steps.filter((step) => step.what.includes('openclaw.json'))) {
      const [gone, come] = ['-', '+'].map((sign) => (diff ?? []).filter((line) => line.startsWith(sign)).join('\n'))
      for (const word of wiring) expect(come!.includes(word), `${word} in ${what}`).toBe(gone!.includes(word))
    }
    expect(readFileSync(join(shared.state, 'openclaw/config/openclaw.json'), 'utf8')).toBe(before)
  })
})

describe('a stock OpenClaw that somebody opened', () => {
  const home = join(root, 'home')
  const config = join(home, '.openclaw/openclaw.json')
  const bad = `// my agent
{
  gateway: { mode: "local", bind: "lan", port: 18789 }, // from the living room
  tools: { profile: "full", elevated: { enabled: true, allowFrom: { telegram: ["*"] } } },
  channels: { telegram: { enabled: true, botToken: "\${TELEGRAM_TOKEN}", dmPolicy: "open", allowFrom: ["*"], groupPolicy: "open" } },
  logging: { level: "info" },
}
`
  const flags = ['--config', config, '--state-dir', join(home, '.openclaw'), '--host-root', root]
  const openclawAudit = async (): Promise<{ critical: string[]; warn: string[] }> => {
    const env = { HOME: home, OPENCLAW_CONFIG_PATH: config, OPENCLAW_STATE_DIR: join(root, 'judge'), OPENCLAW_NO_RESPAWN: '1', OPENCLAW_OFFLINE: '1', TELEGRAM_TOKEN: ['1234', 'abcd'.repeat(9)].join(':') }
    const { out } = await runToEnd(process.execPath, [join(repository, 'node_modules/openclaw/openclaw.mjs'), 'security', 'audit', '--json'], { env })
    const { findings } = JSON.parse(out.slice(out.indexOf('{'))) as { findings: { checkId: string; severity: string }[] }
    const [critical, warn] = ['critical', 'warn'].map((wanted) => findings.filter(({ severity }) => severity === wanted).map(({ checkId }) => checkId))
    return { critical: critical!, warn: warn! }
  }
  beforeAll(() => {
    mkdirSync(join(home, '.openclaw'), { recursive: true, mode: 0o755 })
    writeFileSync(config, bad, { mode: 0o644 })
  })

  it('is graded F with every open door named, and nothing of it is touched', async () => {
    const { status, out } = await hardshell(['security', 'audit', '--json', '--no-native', ...flags], { env: { HOME: home } })
    const { grade, findings } = JSON.parse(out) as AuditReport
    expect({ status, grade }).toEqual({ status: 1, grade: 'F' })
    const ids = findings.map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(['gateway.bind-loopback', 'gateway.auth-required', 'elevated.senders-named', 'channels.dms-not-open', 'channels.groups-not-open', 'files.config-private']))
    expect(readFileSync(config, 'utf8')).toBe(bad)
  })

  it('is hardened to what OpenClaw itself accepts and finds nothing critical in, comments kept, and put back byte for byte', async () => {
    expect((await openclawAudit()).critical.length).toBeGreaterThan(2)
    const state = ['--state', join(root, 'state')]
    const hardened = await hardshell(['harden', '--yes', '--profile', 'production', '--json', ...flags, ...state], { env: { HOME: home } })
    expect([0, 1], hardened.out + hardened.err).toContain(hardened.status)
    const after = readFileSync(config, 'utf8')
    expect(after).toContain('// my agent')
    expect(after).toContain('// from the living room')
    // The one that is left is for those with a proxy of their own: docs/posture.md, check gateway.trusted-proxies-named.
    expect(await openclawAudit()).toEqual({ critical: [], warn: ['gateway.trusted_proxies_missing'] })
    const again = await hardshell(['harden', '--yes', '--profile', 'production', '--json', ...flags, ...state], { env: { HOME: home } })
    expect(JSON.parse(again.out), 'a second run changes nothing').toMatchObject({ run: null, mended: [] })
    expect(await hardshell(['harden', 'undo', '--json', ...state], { env: { HOME: home } })).toMatchObject({ status: 0 })
    expect(readFileSync(config, 'utf8')).toBe(bad)
    expect(existsSync(join(root, 'etc'))).toBe(false)
  })
})
