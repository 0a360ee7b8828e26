import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { machineBelow } from '../host/index.ts'
import type { Check } from './check.ts'
import { ExampleMachine } from './example-machine.ts'
import { exampleServer, listening, ufwOn } from './example-network.ts'
import { examplePeople } from './example-people.ts'
import type { Example } from './example.ts'
import { gather } from './gather.ts'
import { judge, planFor, type Judged } from './judge.ts'
import { checks, findCheck } from './registry.ts'

const areas = ['accounts', 'cron', 'disk', 'fail2ban', 'firewall', 'kernel', 'network', 'runtime', 'services', 'sshd', 'tls', 'updates']
const host = checks.filter(({ id }) => areas.includes(id.split('.')[0]!))
const guessing = 'PasswordAuthentication yes\nPermitRootLogin yes\n'
const noKeys: Example['files'] = { '/etc/passwd': examplePeople['/etc/passwd'], '/etc/ssh/sshd_config': guessing }

async function plan(id: string, example: Example): Promise<ReturnType<typeof planFor>> {
  const check = findCheck(id)!
  return planFor(check, await gather(new ExampleMachine(example).subject(), check.needs))
}

async function answers(id: string, example: Example): Promise<Judged> {
  const check = findCheck(id)!
  return judge([check], await gather(new ExampleMachine(example).subject(), check.needs))
}

describe('nobody is locked out', () => {
  it.each(['sshd.no-password-login', 'sshd.no-keyboard-login', 'sshd.no-root-password'])('%s changes nothing while there is no key to come back with', async (id) => {
    expect(await plan(id, { files: noKeys, env: { USER: 'claw' } })).toEqual([])
    expect(await plan(id, { files: { ...noKeys, '~/.ssh/authorized_keys': examplePeople['~/.ssh/authorized_keys'] }, env: { USER: 'claw' } })).toHaveLength(1)
  })

  it('says so', async () => {
    const { findings } = await answers('sshd.no-password-login', { files: noKeys, env: { USER: 'claw' } })
    expect(findings).toMatchObject([{ fixable: false, want: expect.stringContaining('ssh-copy-id') }])
  })

  const key = examplePeople['~/.ssh/authorized_keys']
  const withKey = (more: Example['files'], sshd = guessing): Example['files'] => ({ ...examplePeople, '/etc/ssh/sshd_config': sshd, ...more })
  it.each<[string, Example]>([
    ['the key is another person\'s', { files: { ...noKeys, '/root/.ssh/authorized_keys': key }, env: { SUDO_USER: 'claw', USER: 'root' } }],
    ['others may write the file', { files: withKey({ '~/.ssh/authorized_keys': { text: key, mode: 0o666 } }), env: { USER: 'claw' } }],
    ['the file is another\'s', { files: withKey({ '~/.ssh/authorized_keys': { text: key, uid: 33 } }), env: { USER: 'claw' } }],
    ['the key runs one command only', { files: withKey({ '~/.ssh/authorized_keys': `command="backup" ${key}` }), env: { USER: 'claw' } }],
    ['keys are not taken', { files: withKey({}, `${guessing}PubkeyAuthentication no\n`), env: { USER: 'claw' } }],
    ['he may not log in', { files: withKey({}, `${guessing}DenyUsers claw\n`), env: { USER: 'claw' } }],
    ['only others may log in', { files: withKey({}, `${guessing}AllowUsers alice\n`), env: { USER: 'claw' } }],
    ['keys are looked for elsewhere', { files: withKey({}, `${guessing}AuthorizedKeysFile /etc/keys/%u\n`), env: { USER: 'claw' } }],
  ])('passwords stay on where %s', async (_, example) => {
    expect(await plan('sshd.no-password-login', example)).toEqual([])
  })

  it('names the one who asks, who is logged in and who has a key', async () => {
    const example: Example = { files: { ...examplePeople, '/etc/ssh/sshd_config': 'UsePAM yes\n', '/root/.ssh/authorized_keys': key }, env: { SUDO_USER: 'alice' }, runs: { who: 'bob pts/0 2026-11-21 10:00 (198.51.100.9)\n' } }
    expect(await plan('sshd.only-named-users', example)).toMatchObject([{ key: 'AllowUsers', to: 'alice bob claw root' }])
    expect(await plan('sshd.only-named-users', { files: example.files })).toEqual([])
  })

  it('lets every port of SSH in before the firewall is switched on, the one of this connection too', async () => {
    const files = { ...exampleServer, '/etc/ssh/sshd_config': 'Port 22022\nListenAddress 0.0.0.0:2200\n', '/proc/net/tcp': listening('0.0.0.0:443') }
    const commands = (await plan('firewall.default-deny', { files, env: { SSH_CONNECTION: '198.51.100.9 50000 203.0.113.1 22' } })).map((change) => (change.kind === 'command' ? change.do.join(' ') : change.kind))
    expect(commands).toEqual(['ufw allow 22/tcp', 'ufw allow 443/tcp', 'ufw allow 2200/tcp', 'ufw allow 22022/tcp', 'ufw default deny incoming', 'ufw --force enable'])
  })
})

describe('what nobody can know is not passed', () => {
  it('a ruleset only root may see', async () => {
    const { findings, unknown } = await answers('firewall.default-deny', { files: exampleServer, runs: { 'nft -s list ruleset': { status: 1, out: '', err: 'Operation not permitted' } } })
    expect({ findings, unknown }).toEqual({ findings: [], unknown: [{ id: 'firewall.default-deny', why: 'only root may ask the packet filter (sudo)' }] })
  })

  it('a folder of sshd without its main file', async () => {
    expect((await answers('sshd.strict-modes', { files: { '/etc/ssh/sshd_config.d/a.conf': 'StrictModes yes\n' } })).unknown).toMatchObject([{ why: expect.stringContaining('missing') }])
  })
})

describe('a part of a machine', () => {
  it('is judged by what is there, and nothing is said of the rest', async () => {
    const root = mkdtempSync(join(tmpdir(), 'hardshell-part-'))
    mkdirSync(join(root, 'etc/ssh'), { recursive: true })
    writeFileSync(join(root, 'etc/ssh/sshd_config'), guessing)
    const machine = machineBelow(root)
    const { findings, passed } = judge(host, await gather({ host: machine, files: machine, config: null, stateDir: null, guard: null, now: Date.now() }, new Set(host.flatMap(({ needs }) => needs))))
    rmSync(root, { recursive: true })
    expect([...new Set(findings.map(({ id }) => id.split('.')[0]))]).toEqual(['sshd'])
    expect(findings.filter(({ severity }) => severity === 'high').map(({ id }) => id).sort()).toEqual(['sshd.no-password-login', 'sshd.no-root-password'])
    expect(passed).toContain('sshd.strict-modes')
  })
})

describe('another system', () => {
  it('is not asked about Linux', async () => {
    const { findings, unknown, passed, skipped } = await judgeAll(host, new ExampleMachine({ platform: 'darwin', files: { '/etc/ssh/sshd_config': guessing } }))
    expect([findings, unknown, passed]).toEqual([[], [], []])
    expect(skipped).toHaveLength(host.length)
  })
})

describe('a copy of a machine', () => {
  const root = mkdtempSync(join(tmpdir(), 'hardshell-host-'))
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  const copied: Record<string, string> = { ...examplePeople, ...ufwOn('allow tcp 22', 'allow tcp 18789'), '/etc/ssh/sshd_config': guessing, '/etc/sysctl.d/10.conf': 'kernel.yama.ptrace_scope=0\n', '/home/claw/.ssh/authorized_keys': '' }

  it('is judged from its files, and unknown where a running one is needed', async () => {
    for (const [path, text] of Object.entries(copied)) {
      const place = join(root, path.replace(/^~/, '/home/claw'))
      mkdirSync(dirname(place), { recursive: true })
      writeFileSync(place, text)
    }
    const machine = machineBelow(root)
    const subject = { host: machine, files: machine, config: null, stateDir: null, guard: null, now: Date.now() }
    const { findings, unknown } = judge(host, await gather(subject, new Set(host.flatMap(({ needs }) => needs))))
    const found = findings.map(({ id }) => id)
    expect(found).toEqual(expect.arrayContaining(['sshd.no-password-login', 'sshd.no-root-password', 'firewall.gateway-closed', 'kernel.ptrace-restricted']))
    expect(found).not.toContain('firewall.default-deny')
    expect(unknown.map(({ id }) => id)).toEqual(expect.arrayContaining(['network.databases-private', 'disk.state-encrypted', 'accounts.no-empty-passwords']))
  })
})

describe('fixes together', () => {
  const files = { ...exampleServer, '/etc/ssh/sshd_config': `${guessing}MaxAuthTries 20\nInclude /etc/ssh/sshd_config.d/*.conf\nMatch User sftp\n  X11Forwarding no\n`, '/etc/ssh/sshd_config.d/50-cloud.conf': 'X11Forwarding yes\nCiphers aes128-cbc\n' }

  it('mend every setting of SSH in one file each after the other, and are then done', async () => {
    const machine = new ExampleMachine({ files, env: { USER: 'claw' } })
    const mine = host.filter(({ id, fix }) => id.startsWith('sshd.') && fix !== undefined)
    for (const check of mine) machine.apply(planFor(check, await gather(machine.subject(), check.needs)))
    expect((await judgeAll(mine, machine)).findings).toEqual([])
    for (const check of mine) expect(planFor(check, await gather(machine.subject(), check.needs)), check.id).toEqual([])
    expect(await machine.text('/etc/ssh/sshd_config')).toContain('Match User sftp\n  X11Forwarding no\n')
  })
})

async function judgeAll(of: readonly Check[], machine: ExampleMachine): Promise<Judged> {
  return judge(of, await gather(machine.subject(), new Set(of.flatMap(({ needs }) => needs))))
}
