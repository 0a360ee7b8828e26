import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Change } from '../change.ts'
import type { Check } from '../check.ts'
import { dropByDefault, dropPorts } from '../nft-plan.ts'
import { rejectByDefault, type Zone } from '../zone-plan.ts'
import { madeCheck, TemporaryMachine } from './harden.test.kit.ts'
import type { HardenPlan } from './plan.ts'
import type { Session } from '../../host/index.ts'

const dropIn = '/etc/ssh/sshd_config.d/00-hardshell.conf'
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample anna@desk\n'
const overSsh: Session = { user: 'anna', connection: { peer: '203.0.113.7', address: '198.51.100.1', port: 22 } }
let machine: TemporaryMachine
beforeEach(() => void (machine = new TemporaryMachine()))
afterEach(() => machine.remove())

const line = (name: string, value: string): Change => ({ kind: 'line', path: dropIn, key: name, separator: ' ', from: null, to: value })
const ssh = (...plan: Change[]): Check => madeCheck('sshd.strict', { part: 'ssh', risk: 'lockout', wrong: () => true, plan })
const wall = (...commands: string[]): Check =>
  madeCheck('firewall.on', { part: 'firewall', risk: 'lockout', wrong: () => true, plan: commands.map((command) => ({ kind: 'command', do: command.split(' '), undo: null, means: 'x' })) })
const plan = async (check: Check, session: Session): Promise<HardenPlan> => await machine.plan([check], { ...machine.site(), session })

async function expectRefused(check: Check, session: Session, why: RegExp): Promise<void> {
  const { aside, steps } = await plan(check, session)
  expect(aside).toEqual([{ check: check.id, refused: true, why: expect.stringMatching(why) as string }])
  expect(steps).toEqual([])
}

async function expectPlanned(check: Check, session: Session): Promise<void> {
  const { aside, mends } = await plan(check, session)
  expect(aside).toEqual([])
  expect(mends.map(({ id }) => id)).toEqual([check.id])
}

describe('passwords off', () => {
  const noPasswords = ssh(line('PasswordAuthentication', 'no'), line('KbdInteractiveAuthentication', 'no'))

  it('is refused while nobody who may log in has a key', async () => {
    await expectRefused(noPasswords, overSsh, /anna, who is logged in over SSH.*passwords are off and no key/)
    await expectRefused(noPasswords, { user: null, connection: null }, /nobody could come in over SSH any more/)
  })

  it('is planned once the person has a key', async () => {
    machine.write('/home/anna/.ssh/authorized_keys', key, 0o600)
    await expectPlanned(noPasswords, overSsh)
  })

  it.each([['a comment', `# ${key}`], ['a key that runs one command', `command="/bin/true" ${key}`], ['nothing', '']])('is refused with %s in the key file', async (_, text) => {
    machine.write('/home/anna/.ssh/authorized_keys', text, 0o600)
    await expectRefused(noPasswords, overSsh, /no key/)
  })

  it('is refused when the one with the key has no shell, or may not come in', async () => {
    machine.write('/etc/passwd', 'anna:x:1000:1000::/home/anna:/bin/bash\nbot:x:1001:1001::/home/bot:/usr/sbin/nologin\n', 0o644)
    machine.write('/home/bot/.ssh/authorized_keys', key, 0o600)
    await expectRefused(noPasswords, overSsh, /anna/)
  })

  it('is refused when only root has a key and root is shut out with it', async () => {
    machine.write('/root/.ssh/authorized_keys', key, 0o600)
    await expectRefused(ssh(line('PasswordAuthentication', 'no'), line('KbdInteractiveAuthentication', 'no'), line('PermitRootLogin', 'no')), { user: 'root', connection: overSsh.connection }, /root, who is logged in.*PermitRootLogin is off/)
  })

  it('lets the session of root end where another administrator has a key', async () => {
    machine.write('/root/.ssh/authorized_keys', key, 0o600)
    machine.write('/home/anna/.ssh/authorized_keys', key, 0o600)
    await expectPlanned(ssh(line('PasswordAuthentication', 'no'), line('KbdInteractiveAuthentication', 'no'), line('PermitRootLogin', 'no')), { user: 'root', connection: overSsh.connection })
  })
})

describe('a list of users', () => {
  it.each([
    ['without the person', 'AllowUsers', 'root'],
    ['with the person from elsewhere only', 'AllowUsers', 'anna@10.0.0.0/8'],
    ['of groups without hers', 'AllowGroups', 'wheel'],
    ['that denies her', 'DenyUsers', 'an*'],
  ])('%s is refused', async (_, keyword, value) => {
    await expectRefused(ssh(line(keyword, value)), overSsh, /anna, who is logged in over SSH/)
  })

  it.each([['AllowUsers', 'anna'], ['AllowUsers', 'bob anna@203.0.113.0/24'], ['AllowGroups', 'sudo'], ['DenyUsers', 'bob']])('%s %s is planned', async (keyword, value) => {
    await expectPlanned(ssh(line(keyword, value)), overSsh)
  })
})

describe('a firewall', () => {
  it.each([
    [['ufw default deny incoming', 'ufw --force enable']],
    [['ufw allow 443/tcp', 'ufw --force enable']],
    [['ufw allow 2222/tcp', 'ufw --force enable']],
    [['ufw allow from 10.0.0.1 to any port 22 proto tcp', 'ufw --force enable']],
    [['firewall-cmd --permanent --set-target=DROP', 'firewall-cmd --reload']],
    [['systemctl enable --now nftables']],
  ])('%j that cuts the present connection is refused', async (commands) => {
    await expectRefused(wall(...commands), overSsh, /cut the SSH connection you are using \(port 22, from 203\.0\.113\.7\)/)
  })

  it.each([
    [['ufw allow 22/tcp', 'ufw --force enable']],
    [['ufw limit OpenSSH', 'ufw default deny incoming', 'ufw --force enable']],
    [['ufw allow from 203.0.113.7 to any port 22 proto tcp', 'ufw --force enable']],
    [['firewall-cmd --permanent --add-service=ssh', 'firewall-cmd --permanent --set-target=DROP']],
  ])('%j that leaves it open is planned', async (commands) => {
    await expectPlanned(wall(...commands), overSsh)
  })

  it('counts rules that are there already', async () => {
    machine.write('/etc/ufw/user.rules', '### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in\n', 0o640)
    await expectPlanned(wall('ufw --force enable'), overSsh)
  })

  it('keeps the port sshd is set to when nobody is connected', async () => {
    machine.write('/etc/ssh/sshd_config', 'Port 2200\n', 0o644)
    await expectRefused(wall('ufw allow 22/tcp', 'ufw --force enable'), { user: null, connection: null }, /SSH in on port 2200/)
    await expectPlanned(wall('ufw allow 2200/tcp', 'ufw --force enable'), { user: null, connection: null })
  })

  it.each([
    ['drops everything', 'chain input { type filter hook input priority 0; policy drop;\n }\n', true],
    ['lets SSH in', 'chain input { type filter hook input priority 0; policy drop;\n tcp dport { 22, 443 } ct state new accept\n }\n', false],
    ['lets it in from elsewhere', 'chain input { policy drop;\n ip saddr 10.0.0.0/8 tcp dport 22 accept\n }\n', true],
    ['has it in a comment', 'chain input { policy drop;\n # tcp dport 22 accept\n }\n', true],
  ])('as rules of nftables that %s', async (_, rules, cut) => {
    const check = madeCheck('firewall.on', { part: 'firewall', risk: 'lockout', wrong: () => true, plan: [{ kind: 'file', path: '/etc/nftables.conf', from: null, to: rules, mode: 0o644 }] })
    if (cut) await expectRefused(check, overSsh, /cut the SSH connection/)
    else await expectPlanned(check, overSsh)
  })

  const conf = 'table inet filter {\n  chain input {\n    type filter hook input priority 0; policy accept;\n    tcp dport 22 accept\n  }\n}\n'
  const zone = (text: string): Zone => ({ own: '/etc/firewalld/zones/public.xml', isOwn: true, text })
  const accepting = '<zone target="ACCEPT">\n  <short>Public</short>\n</zone>\n'

  it.each<[string, string, string, readonly Change[], boolean]>([
    ['our table with the port of SSH', '/etc/nftables.conf', conf, dropByDefault(conf, [22]), false],
    ['our table without it, whatever an older one accepts', '/etc/nftables.conf', conf, dropByDefault(conf, [443]), true],
    ['our table about other ports, where nothing is dropped by default', '/etc/nftables.conf', conf, dropPorts(conf, [18789]), false],
    ['a zone with the port of SSH', '/etc/firewalld/zones/public.xml', accepting, rejectByDefault(zone(accepting), [22]), false],
    ['a zone without it', '/etc/firewalld/zones/public.xml', accepting, rejectByDefault(zone(accepting), [443]), true],
  ])('as %s', async (_, path, text, changes, cut) => {
    machine.write(path, text, 0o644)
    const check = madeCheck('firewall.on', { part: 'firewall', risk: 'lockout', wrong: () => true, plan: [...changes] })
    if (cut) await expectRefused(check, overSsh, /cut the SSH connection/)
    else await expectPlanned(check, overSsh)
  })
})
