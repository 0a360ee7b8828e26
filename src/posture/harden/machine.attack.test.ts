import { randomBytes } from 'node:crypto'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Change } from '../change.ts'
import { defineCheck, type Check } from '../check.ts'
import { textAt, valueOf } from '../config-values.ts'
import { freshSecret } from '../secret-reference.ts'
import { applyPlan, type Applied } from './apply.ts'
import { lastRun } from './harden.ts'
import { madeCheck, settingCheck, TemporaryMachine } from './harden.test.kit.ts'
import type { Hands } from './hands.ts'
import { hideSecrets } from './hide.ts'
import type { Session } from '../../host/index.ts'
import { without } from './smaller.ts'
import { undoRun } from './undo.ts'

// Found on a real machine: sshd, ufw and OpenClaw in a private root (docs/harden.md).
const config = '/home/claw/.openclaw/openclaw.json'
let machine: TemporaryMachine
beforeEach(() => void (machine = new TemporaryMachine()))
afterEach(() => machine.remove())

const run = (does: string[], undo: string[] | null): Change => ({ kind: 'command', do: does, undo, means: 'x' })
const flag = (name: string): Change => run(['flag-on', name], ['flag-off', name])

/** The flags of the machine, programs of a test beside them. */
function withPrograms(programs: Readonly<Record<string, (...words: string[]) => number>>): Hands {
  const hands = machine.hands()
  return { ...hands, run: async (command) => (command[0]! in programs ? { status: programs[command[0]!]!(...command.slice(1)), out: '', err: 'no route to host' } : await hands.run(command)) }
}

async function apply(checks: readonly Check[], hands: Hands = machine.hands()): Promise<Applied> {
  return await applyPlan(await machine.plan(checks, machine.site(hands)), 60_000, machine.ports(hands))
}

it('the way back of a command that was never run, as one before it failed, is not run either', async () => {
  const ran: string[] = []
  const hands = withPrograms({ install: () => 100, remove: () => 0, start: () => (ran.push('start'), 0), stop: () => (ran.push('stop'), 5) })
  const half = madeCheck('services.half', { part: 'systemd', wrong: () => true, plan: [run(['install', 'x'], ['remove', 'x']), run(['start', 'x'], ['stop', 'x'])] })
  const later = madeCheck('firewall.on', { part: 'firewall', wrong: () => !machine.has('/flags/firewall'), plan: [flag('firewall')] })
  const { id } = await apply([half, later], hands)
  expect(await undoRun(id, false, machine.ports(hands))).toMatchObject({ left: [] })
  expect(ran).toEqual([])
})

it('an installation that was killed half way is ended, or apt would take nothing back', async () => {
  let half = true
  const flags = withPrograms({})
  const hands: Hands = {
    ...flags,
    run: async (command) => {
      if (command[0] === 'dpkg') half = false
      if (command[0] === 'dpkg' || command[0] === 'install') return { status: 0, out: '', err: '' }
      if (command[0] !== 'remove') return await flags.run(command)
      return half ? { status: 100, out: '', err: "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem." } : { status: 0, out: '', err: '' }
    },
  }
  let wrong = true
  const check = madeCheck('services.on', { part: 'systemd', wrong: () => wrong, plan: [run(['install', 'x'], ['remove', 'x'])] })
  const plan = await machine.plan([check], machine.site(hands))
  wrong = false
  const { id } = await applyPlan(plan, 60_000, machine.ports(hands))
  expect(await undoRun(id, false, machine.ports(hands))).toMatchObject({ left: [] })
})

describe('a folder that an installation of the same run brings', () => {
  const jail = '/etc/fail2ban/jail.d/own.conf'
  const check = madeCheck('fail2ban.on', { part: 'fail2ban', wrong: () => !machine.has(jail), plan: [run(['apt-get', 'install', '-y', 'fail2ban'], ['apt-get', 'remove', '-y', 'fail2ban']), { kind: 'file', path: jail, from: null, to: 'enabled = true\n' }] })
  const bringing = (mode: number): Hands =>
    withPrograms({
      'apt-get': (verb, flag) => {
        if (flag === '--simulate') return 0
        if (verb === 'remove') rmSync(machine.at('/etc/fail2ban'), { recursive: true })
        else machine.write('/etc/fail2ban/jail.conf', 'x', 0o644)
        if (verb === 'install') chmodSync(machine.at('/etc/fail2ban'), mode)
        return 0
      },
    })

  it('is no change of somebody else, and stays the package\'s', async () => {
    const hands = bringing(0o755)
    const { id, mended } = await apply([check], hands)
    expect(mended).toEqual(['fail2ban.on'])
    expect(await undoRun(id, false, machine.ports(hands))).toMatchObject({ left: [] })
    expect(machine.has(jail)).toBe(false)
  })

  it('is one where others could write in it', async () => {
    await expect(apply([check], bringing(0o777))).rejects.toMatchObject({ code: 'posture.changed-meanwhile' })
  })
})

describe('a check that does not pass after all', () => {
  const never = madeCheck('apt.none-pending', { part: 'apt', wrong: () => true, plan: [flag('upgrade')] })

  it('costs nobody else anything where a later fix builds on a secret that was made for this plan', async () => {
    const strong = settingCheck('gateway.token', ['gateway', 'auth', 'token'], (now) => (typeof now === 'string' && now.length > 10 ? now : freshSecret))
    const elsewhere = defineCheck({
      id: 'secrets.elsewhere', title: 'as it should be', severity: 'info', why: 'a test needs something to mend, and this is it', source: 'machine.attack.test.ts', needs: ['config'],
      judge: ({ config: now }) => (textAt(now, 'gateway.auth.token')?.startsWith('$') === true ? [] : [{ at: 'gateway.auth.token', saw: 'plain', want: 'reference' }]),
      fix: { risk: 'safe', part: 'secrets', plan: ({ config: now }) => ((textAt(now, 'gateway.auth.token') ?? '').length < 11 ? [] : [{ kind: 'setting', at: ['gateway', 'auth', 'token'], from: valueOf(now, ['gateway', 'auth', 'token']), to: '${TOKEN_OF_THE_GATEWAY}' }]) },
      examples: { pass: {}, fail: {} },
    })
    const { mended, takenBack } = await apply([strong, elsewhere, never])
    expect(takenBack.map(({ check }) => check)).toEqual(['apt.none-pending'])
    expect(mended).toEqual(['gateway.token', 'secrets.elsewhere'])
    expect(machine.text(config)).toContain('${TOKEN_OF_THE_GATEWAY}')
  })

  it('leaves no run behind where it was alone: an undo finds the one before', async () => {
    const { id } = await apply([settingCheck('gateway.bind', ['gateway', 'bind'], () => 'loopback')])
    const ports = { ...machine.ports(), newId: () => '20261122-120000-000000' }
    expect(await applyPlan(await machine.plan([never]), 60_000, ports)).toMatchObject({ mended: [], confirmBy: null })
    expect(await lastRun(ports)).toBe(id)
  })

  it('takes with it what was built on it, and leaves the rest', async () => {
    const token = ['gateway', 'auth', 'token']
    const plan = await machine.plan([settingCheck('gateway.first', token, (now) => (now === 'abc' ? 'first' : now)), settingCheck('gateway.second', token, (now) => (now === 'first' ? 'second' : now)), settingCheck('gateway.bind', ['gateway', 'bind'], () => 'loopback')])
    expect(plan.mends.map(({ id }) => id)).toEqual(['gateway.first', 'gateway.bind', 'gateway.second'])
    const { dragged, fileOf } = await without(plan, new Set(['gateway.first']))
    expect(dragged).toEqual(['gateway.second'])
    expect(fileOf(plan.steps.find((step) => step.kind === 'content')!)!.bytes.toString()).toContain('bind: "loopback", port: 18789, auth: { token: "abc" }')
  })
})

it.runIf(process.geteuid?.() === 0)('OpenClaw, which its owner can change, is not run by root', async () => {
  const check = madeCheck('config.names', { part: 'gateway', wrong: () => true, plan: [run(['openclaw', 'doctor', '--fix'], null)] })
  const { aside, steps } = await machine.plan([check])
  expect(aside).toEqual([{ check: 'config.names', refused: false, why: `openclaw is run by whoever owns ${config}, not by this user: run hardshell harden as that one` }])
  expect(steps).toEqual([])
})

describe('a program that fails', () => {
  const offline = madeCheck('updates.automatic', { part: 'apt', wrong: () => true, plan: [run(['apt-get', 'install', 'x'], ['apt-get', 'remove', 'x'])] })

  it('costs its own check only: without a line to a mirror the machine is hardened all the same', async () => {
    const other = madeCheck('services.on', { part: 'apt', wrong: () => !machine.has('/flags/on'), plan: [flag('on')] })
    const { mended, takenBack } = await apply([offline, other], withPrograms({ 'apt-get': () => 100 }))
    expect(takenBack).toEqual([{ check: 'updates.automatic', why: 'apt-get install x ended with 100: no route to host' }])
    expect(mended).toEqual(['services.on'])
  })

  it('leaves undone what the same check wanted next, and its undo too', async () => {
    const asked: string[] = []
    const both = madeCheck('services.audit', { part: 'systemd', wrong: () => true, plan: [run(['fails'], null), run(['systemctl', 'enable', 'x'], ['systemctl', 'disable', 'x'])] })
    await apply([both], withPrograms({ fails: () => 1, systemctl: (...words) => asked.push(words.join(' ')) && 0 }))
    expect(asked).toEqual([])
  })

  it('has everything taken back where it leaves half a firewall', async () => {
    const wall = madeCheck('firewall.on', { part: 'firewall', risk: 'lockout', wrong: () => true, plan: [run(['half'], ['other-half'])] })
    await expect(apply([wall], withPrograms({ half: () => 1, 'other-half': () => 1 }))).rejects.toMatchObject({ code: 'posture.not-applied' })
  })
})

describe('files that ufw writes by itself', () => {
  const rules = '/etc/ufw/user.rules'
  const written = (): string => randomBytes(6).toString('hex')
  const ufw = (): Hands => withPrograms({ ufw: () => (writeFileSync(machine.at(rules), written()), 0) })
  const on = madeCheck('firewall.on', { part: 'firewall', risk: 'lockout', wrong: () => machine.text(rules) === '# by hand\n', plan: [run(['ufw', 'allow', '22/tcp'], ['ufw', 'delete', 'allow', '22/tcp'])] })
  beforeEach(() => machine.write(rules, '# by hand\n', 0o640))

  it('are as before after an undo, byte for byte, whatever its own undo leaves', async () => {
    const before = machine.tree()
    const hands = ufw()
    const { id, mended } = await apply([on], hands)
    expect(mended).toEqual(['firewall.on'])
    expect((await undoRun(id, false, machine.ports(hands))).left).toEqual([])
    expect(machine.tree()).toEqual(before)
  })

  it('stop an undo when somebody has written a rule since', async () => {
    const hands = ufw()
    const { id } = await apply([on], hands)
    machine.write(rules, 'a rule of somebody\n', 0o640)
    await expect(undoRun(id, false, machine.ports(hands))).rejects.toMatchObject({ code: 'posture.changed-meanwhile' })
    expect(machine.text(rules)).toBe('a rule of somebody\n')
    await undoRun(id, true, machine.ports(hands))
    expect([machine.text(rules), machine.text(`${rules}.replaced-${id}`)]).toEqual(['# by hand\n', 'a rule of somebody\n'])
  })
})

describe('rules of ufw as a plan would leave them', () => {
  const overSsh: Session = { user: 'anna', connection: { peer: '203.0.113.7', address: '198.51.100.1', port: 22 } }
  const tuple = (text: string): string => `### tuple ### ${text.replace(/^(\S+ \S+ \S+) (\S+)$/, '$1 0.0.0.0/0 any $2')} in\n`

  it.each([
    ['the last rule of SSH deleted', ['allow tcp 22 0.0.0.0/0'], ['ufw delete allow from any to any port 22 proto tcp']],
    ['deleted by its short name', ['limit tcp 22 0.0.0.0/0'], ['ufw delete limit 22/tcp']],
    ['deleted by a number, which says nothing', ['allow tcp 22 0.0.0.0/0'], ['ufw --force delete 1']],
    ['a range that held it deleted', ['allow tcp 20:30 0.0.0.0/0'], ['ufw delete allow from any to any port 20:30 proto tcp']],
    ['all rules reset', ['allow tcp 22 0.0.0.0/0'], ['ufw --force reset', 'ufw --force enable']],
    ['another network than the session’s', ['allow tcp 22 10.0.0.0/8', 'allow any any 192.0.2.0/24'], ['ufw --force enable']],
    ['a rule before it that closes', ['deny tcp 22 203.0.113.0/24', 'allow tcp 22 0.0.0.0/0'], ['ufw --force enable']],
    ['a rule put before it', ['allow tcp 22 0.0.0.0/0'], ['ufw insert 1 deny from 203.0.113.7']],
    ['its twin added first, which ufw takes for the same', ['allow tcp 22 0.0.0.0/0'], ['ufw allow 22/tcp', 'ufw delete allow from any to any port 22 proto tcp']],
    ['only the datagrams of the port', ['allow udp 22 0.0.0.0/0'], ['ufw --force enable']],
  ])('%s: refused', async (_, before, commands) => {
    expect((await wall(before, commands)).aside).toEqual([{ check: 'firewall.on', refused: true, why: expect.stringContaining('cut the SSH connection you are using (port 22') as string }])
  })

  it.each([
    ['another rule is left', ['allow tcp 22 0.0.0.0/0', 'limit tcp 22 203.0.113.0/24'], ['ufw delete allow from any to any port 22 proto tcp']],
    ['its twin comes after', ['allow tcp 22 0.0.0.0/0'], ['ufw delete allow from any to any port 22 proto tcp', 'ufw allow 22/tcp']],
    ['a new rule comes first', ['allow any any 0.0.0.0/0'], ['ufw allow 22/tcp', 'ufw delete allow from any to any']],
    ['a range holds it', ['allow tcp 20:30 0.0.0.0/0'], ['ufw --force enable']],
    ['a rule that closes comes after', ['allow tcp 22 0.0.0.0/0'], ['ufw deny from 203.0.113.7']],
  ])('%s: planned', async (_, before, commands) => {
    expect((await wall(before, commands)).aside).toEqual([])
  })

  async function wall(before: string[], commands: string[]): ReturnType<TemporaryMachine['plan']> {
    machine.write('/etc/ufw/user.rules', before.map(tuple).join(''), 0o640)
    const check = madeCheck('firewall.on', { part: 'firewall', risk: 'lockout', wrong: () => true, plan: commands.map((command) => run(command.split(' '), null)) })
    return await machine.plan([check], { ...machine.site(), session: overSsh })
  }
})

it.each([['/home/anna', 0o777], ['/home/anna/.ssh', 0o775], ['/home/anna/.ssh/authorized_keys', 0o666]])('a key that sshd does not take, as others can write %s, is none to switch passwords off for', async (path, mode) => {
  machine.write('/home/anna/.ssh/authorized_keys', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample anna@desk\n', 0o600)
  chmodSync(machine.at(path), mode)
  const off = ['PasswordAuthentication', 'KbdInteractiveAuthentication'].map((key): Change => ({ kind: 'line', path: '/etc/ssh/sshd_config.d/00-hardshell.conf', key, separator: ' ', from: null, to: 'no' }))
  const { aside } = await machine.plan([madeCheck('sshd.strict', { part: 'ssh', risk: 'lockout', wrong: () => true, plan: off })])
  expect(aside).toEqual([{ check: 'sshd.strict', refused: true, why: expect.stringContaining('no key of theirs is installed') as string }])
})

describe('a plan that is shown', () => {
  const value = `${randomBytes(4).toString('hex')}-plain`

  it.each([
    ['openclaw.json', `{ models: { baseUrl: "https://api.example.com/v1?key=${value}&x=1" } }`],
    ['openclaw.json', `{\n  // apiKey: "${value}",\n  /* token: "${value}", */\n  a: 1 }`],
    ['/etc/systemd/system/openclaw.service', `[Service]\nEnvironment=OPENCLAW_GATEWAY_TOKEN=${value}\n`],
    ['/etc/systemd/system/openclaw.service', `[Service]\nEnvironment="FOO=${value}" "BAR=${value}"\n`],
    ['/srv/docker-compose.yml', `services:\n  a:\n    environment:\n      - OPENCLAW_GATEWAY_TOKEN=${value}\n`],
    ['/home/claw/.openclaw/.env', `# OLD_TOKEN=${value}\n`],
  ])('has no secret of %s in it: %s', (path, text) => {
    const shown = hideSecrets(path, text)
    expect(shown).not.toContain(value)
    expect(shown.split('\n')).toHaveLength(text.split('\n').length)
  })
})
