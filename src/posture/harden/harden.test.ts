import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applyPlan } from './apply.ts'
import { confirmRun, listRuns } from './confirm.ts'
import { alone, harden } from './harden.ts'
import { everyKind, exampleConfig, madeCheck, quiet, settingCheck, TemporaryMachine } from './harden.test.kit.ts'
import { merge, type Wanted } from './merge.ts'
import { planHarden } from './plan.ts'
import { sessionOf } from '../../host/index.ts'
import { showPlan } from './show.ts'
import { settleRuns, undoRun } from './undo.ts'
import type { Change } from '../change.ts'

let machine: TemporaryMachine
beforeEach(() => {
  machine = new TemporaryMachine()
  machine.write('/etc/cron.d/leftover', 'old\n', 0o640)
})
afterEach(() => machine.remove())
const state = async (): Promise<unknown> => (await listRuns(machine.ports())).map(({ standing }) => standing.state)

describe('a whole plan', () => {
  it('mends every check, keeps comments, order, line ends, modes and owners, and has nothing left to do', async () => {
    const applied = await applyPlan(await machine.plan(everyKind(machine)), 60_000, machine.ports())
    expect(applied.takenBack).toEqual([])
    expect(applied.mended).toHaveLength(9)
    expect(machine.text('/home/claw/.openclaw/openclaw.json')).toBe(exampleConfig.replace('"lan"', '"loopback"').replace('enabled: true', 'enabled: false'))
    expect(machine.tree()['home/claw/.openclaw/openclaw.json']).toMatch(process.geteuid?.() === 0 ? /^100640 4711:4712 / : /^100640 /)
    expect(machine.text('/etc/ssh/sshd_config')).toBe('# ours\r\nInclude /etc/ssh/sshd_config.d/*.conf\r\nPermitRootLogin no\r\n')
    const after = machine.tree()
    expect((await machine.plan(everyKind(machine))).steps).toEqual([])
    expect(machine.tree()).toEqual(after)
  })

  it('goes part by part in the order of parts', async () => {
    const { steps } = await machine.plan(everyKind(machine))
    expect(steps.map(({ part }) => part)).toEqual(['files', 'files', 'gateway', 'logrotate', 'logrotate', 'logrotate', 'systemd', 'systemd', 'ssh', 'ssh'])
  })

  it('waits for its confirmation when something in it can lock out, and then stays', async () => {
    const applied = await applyPlan(await machine.plan(everyKind(machine)), 60_000, machine.ports())
    expect(applied.confirmBy).toBe(1_060_000)
    expect(await state()).toEqual(['pending'])
    expect(await settleRuns(machine.ports())).toEqual([])
    expect(await confirmRun(null, machine.ports())).toBe(applied.id)
    expect(await confirmRun(applied.id, machine.ports())).toBe(applied.id)
    expect(await state()).toEqual(['kept'])
  })

  it('is taken back by the next call when its time is over, or when the machine was started again', async () => {
    const before = machine.tree()
    await applyPlan(await machine.plan(everyKind(machine)), 60_000, machine.ports())
    await expect(confirmRun(null, machine.ports(undefined, undefined, 1_059_500))).rejects.toMatchObject({ code: 'posture.run-too-late' })
    expect(await settleRuns(machine.ports(undefined, undefined, 1_060_000))).toMatchObject([{ left: [] }])
    expect(machine.tree()).toEqual(before)
    await applyPlan(await machine.plan(everyKind(machine)), 60_000, { ...machine.ports(), newId: () => '20261121-130000-000000' })
    expect(await settleRuns({ ...machine.ports(), bootId: () => 'second boot' })).toMatchObject([{ id: '20261121-130000-000000', left: [] }])
    expect(machine.tree()).toEqual(before)
  })

  it('is refused while an earlier one waits', async () => {
    await applyPlan(await machine.plan(everyKind(machine)), 60_000, machine.ports())
    const make = { plan: async () => await machine.plan([]), agreed: async () => await Promise.resolve(true), watchFor: () => quiet, withinMs: 1000 }
    await expect(harden(machine.runs, make, machine.ports())).rejects.toMatchObject({ code: 'posture.run-unconfirmed' })
  })
})

describe('undo', () => {
  it('puts back every byte, mode and owner; a second one does nothing', async () => {
    const before = machine.tree()
    const { id } = await applyPlan(await machine.plan(everyKind(machine)), 60_000, machine.ports())
    expect(await undoRun(id, false, machine.ports())).toEqual({ id, already: false, left: [] })
    expect(machine.tree()).toEqual(before)
    expect(await undoRun(id, false, machine.ports())).toEqual({ id, already: true, left: [] })
  })

  it('touches nothing when a file was changed by somebody else since, and names it; --force keeps theirs beside', async () => {
    const before = machine.tree()
    const { id } = await applyPlan(await machine.plan(everyKind(machine)), 60_000, machine.ports())
    machine.write('/etc/ssh/sshd_config', 'mine\n', 0o644)
    const theirs = machine.tree()
    await expect(undoRun(id, false, machine.ports())).rejects.toThrow(/\/etc\/ssh\/sshd_config/)
    expect(machine.tree()).toEqual(theirs)
    expect(await undoRun(id, true, machine.ports())).toMatchObject({ left: [] })
    const kept = `etc/ssh/sshd_config.replaced-${id}`
    expect(machine.text(`/${kept}`)).toBe('mine\n')
    const { [kept]: _, ...rest } = machine.tree()
    expect(rest).toEqual(before)
  })
})

describe('a change that does not hold', () => {
  it('is taken back alone when its check does not pass after it', async () => {
    const stubborn = madeCheck('logs.stubborn', { part: 'logrotate', wrong: () => true, plan: [{ kind: 'file', path: '/etc/logrotate.d/stubborn', from: null, to: 'x\n' }] })
    const applied = await applyPlan(await machine.plan([...everyKind(machine), stubborn]), 60_000, machine.ports())
    expect(applied.takenBack).toEqual([{ check: 'logs.stubborn', why: 'it does not pass after the change: logs.stubborn' }])
    expect(applied.mended).toHaveLength(9)
    expect(machine.has('/etc/logrotate.d/stubborn')).toBe(false)
  })

  it('is taken out of a file that others share, and undo still knows the file as ours', async () => {
    const before = machine.tree()
    const stubborn = madeCheck('tools.stubborn', { part: 'gateway', wrong: () => true, plan: [{ kind: 'setting', at: ['tools', 'profile'], from: undefined, to: 'messaging' }] })
    const applied = await applyPlan(await machine.plan([...everyKind(machine), stubborn]), 60_000, machine.ports())
    expect(applied.takenBack.map(({ check }) => check)).toEqual(['tools.stubborn'])
    expect(machine.text('/home/claw/.openclaw/openclaw.json')).toBe(exampleConfig.replace('"lan"', '"loopback"').replace('enabled: true', 'enabled: false'))
    await undoRun(applied.id, false, machine.ports())
    expect(machine.tree()).toEqual(before)
  })

  it('takes its whole part back when somebody does not answer any more, and no other', async () => {
    const watch = { ...quiet, lost: async (_: unknown, part: string) => await Promise.resolve(part === 'ssh' ? 'sshd does not answer any more' : null) }
    const applied = await applyPlan(await machine.plan(everyKind(machine)), 60_000, { ...machine.ports(), watch })
    expect(applied.takenBack).toEqual([{ check: 'sshd.no-root', why: 'sshd does not answer any more' }, { check: 'sshd.few-tries', why: 'sshd does not answer any more' }])
    expect(machine.text('/etc/ssh/sshd_config')).toContain('PermitRootLogin yes')
    expect(machine.has('/etc/ssh/sshd_config.d/00-hardshell.conf')).toBe(false)
    expect(machine.text('/home/claw/.openclaw/openclaw.json')).toContain('loopback')
  })

  it('takes its part back when the test of its files fails, before anybody is told', async () => {
    const told: string[] = []
    const hands = machine.hands()
    const testing = { ...hands, run: async (command: readonly string[]) => {
      told.push(command.join(' '))
      const bad = command[0] === 'sshd' && machine.text('/etc/ssh/sshd_config').includes('PermitRootLogin no')
      return command[0] === 'sshd' ? { status: bad ? 255 : 0, out: '', err: 'line 3: no' } : await hands.run(command)
    } }
    const applied = await applyPlan(await machine.plan(everyKind(machine), machine.site(testing)), 60_000, machine.ports(testing))
    expect(applied.takenBack.map(({ why }) => why)).toEqual(['sshd -t ended with 255: line 3: no', 'sshd -t ended with 255: line 3: no'])
    expect(told.filter((command) => command.startsWith('systemctl reload'))).toEqual([])
    expect(machine.text('/etc/ssh/sshd_config')).toContain('PermitRootLogin yes')
  })
})

describe('two checks and one place', () => {
  const wanted = (check: string, change: Change): Wanted => ({ checks: [check], part: 'gateway', risk: 'safe', change })
  const setting = (at: string[], from: unknown, to: unknown): Change => ({ kind: 'setting', at, from, to })

  it('change it once when they agree, and lists hold what both add and lose what either takes', () => {
    expect(merge([wanted('a.one', setting(['tools', 'deny'], ['x', 'y'], ['x', 'y', 'a'])), wanted('b.two', setting(['tools', 'deny'], ['x', 'y'], ['y', 'b']))])).toEqual([
      { checks: ['a.one', 'b.two'], part: 'gateway', risk: 'safe', change: setting(['tools', 'deny'], ['x', 'y'], ['y', 'a', 'b']) },
    ])
    expect(merge([wanted('a.one', setting(['agents'], [{ id: 'm' }], [{ id: 'm', a: 1 }])), wanted('b.two', setting(['agents'], [{ id: 'm' }], [{ id: 'm', b: 2 }]))])[0]!.change).toMatchObject({ to: [{ id: 'm', a: 1, b: 2 }] })
  })

  it('meet when one replaces what the other changes inside', () => {
    const merged = merge([wanted('a.one', setting(['sandbox'], undefined, { mode: 'all' })), wanted('b.two', setting(['sandbox', 'scope'], undefined, 'agent'))])
    expect(merged.map(({ change }) => change)).toEqual([setting(['sandbox'], undefined, { mode: 'all', scope: 'agent' })])
  })

  it('keep the stricter of two modes', () => {
    const mode = (to: number): Change => ({ kind: 'mode', path: '/x', from: 0o777, to })
    expect(merge([wanted('a.one', mode(0o750)), wanted('b.two', mode(0o705))])[0]!.change).toMatchObject({ to: 0o700 })
  })

  it('are an error that names both when it cannot be', () => {
    expect(() => merge([wanted('a.one', setting(['x'], 1, 2)), wanted('b.two', setting(['x'], 1, 3))])).toThrow('a.one and b.two want different things of x')
    expect(() => merge([wanted('a.one', { kind: 'file', path: '/f', from: null, to: 'a' }), wanted('b.two', { kind: 'line', path: '/f', key: 'k', separator: ' ', from: null, to: 'v' })])).toThrow(/a\.one and b\.two/)
  })

  it('are an error that names both when each undoes the other', async () => {
    const checks = [settingCheck('a.one', ['tools', 'profile'], () => 'coding'), settingCheck('b.two', ['tools', 'profile'], () => 'messaging')]
    await expect(machine.plan(checks)).rejects.toMatchObject({ code: 'posture.contradiction', message: expect.stringMatching(/a\.one.*b\.two|b\.two.*a\.one/) as string })
  })
})

describe('what is asked first', () => {
  it('lets only safe changes through without a word, and names the others', async () => {
    const plan = await planHarden(everyKind(machine), { profile: 'production', only: [] }, { site: machine.site(), consent: 'safe' })
    expect(plan.lockout).toBe(false)
    expect(plan.waiting.map(({ check }) => check).sort()).toEqual(['gateway.bind', 'sshd.few-tries', 'sshd.no-root'])
    expect(plan.steps.some(({ part }) => part === 'ssh')).toBe(false)
  })

  it('leaves lockouts out of the personal profile unless they are named', async () => {
    const personal = async (only: string[]): Promise<string[]> => (await planHarden(everyKind(machine), { profile: 'personal', only }, { site: machine.site(), consent: 'lockout' })).mends.map(({ id }) => id)
    expect(await personal([])).not.toContain('sshd.no-root')
    expect(await personal(['sshd.no-root'])).toEqual(['sshd.no-root'])
    expect((await personal(['sshd'])).sort()).toEqual(['sshd.few-tries', 'sshd.no-root'])
    await expect(personal(['sshd.nothing'])).rejects.toMatchObject({ code: 'posture.unknown-check' })
  })
})

describe('the diff', () => {
  it('shows what changes and how it is undone, and no secret', async () => {
    const key = ['sk', 'ant', 'api03', 'A'.repeat(93), 'AA'].join('-')
    machine.write('/home/claw/.openclaw/openclaw.json', `{ gateway: { bind: "lan", auth: { token: "tk-plain-words" } },\n  models: { providers: { x: { apiKey: "${key}" } } },\n  env: { ANY: "hidden too" } }\n`, 0o600)
    const shown = JSON.stringify(showPlan(await machine.plan([settingCheck('gateway.token', ['gateway', 'auth', 'token'], () => 'another-plain-word'), settingCheck('gateway.bind', ['gateway', 'bind'], () => 'loopback')])))
    for (const secret of ['tk-plain', 'another-plain', key, 'hidden too']) expect(shown).not.toContain(secret)
    expect(shown).toContain('[redacted]')
    expect(shown).toContain('loopback')
  })

  it('is a unified diff', async () => {
    const { steps } = showPlan(await machine.plan(everyKind(machine)))
    expect(steps.find(({ what }) => what.includes('sshd_config ') || what.endsWith('sshd_config'))!.diff).toEqual(['--- /etc/ssh/sshd_config', '+++ /etc/ssh/sshd_config', '@@ -1,3 +1,3 @@', ' # ours', ' Include /etc/ssh/sshd_config.d/*.conf', '-PermitRootLogin yes', '+PermitRootLogin no'])
    expect(steps.find(({ what }) => what.startsWith('run:'))).toMatchObject({ what: 'run: flag-on service   (switches it on)', undo: 'run: flag-off service' })
  })
})

it('two at once: the second is told who is at it', async () => {
  await alone(machine.runs, async () => {
    await expect(alone(machine.runs, async () => await Promise.resolve())).rejects.toMatchObject({ code: 'posture.busy', message: `process ${process.pid} is hardening this machine` })
  })
  expect(machine.tree(join(machine.runs))).toEqual({})
})

describe('values of the kernel', () => {
  const check = (text: string) => madeCheck('kernel.log', { part: 'sysctl', wrong: () => true, plan: [{ kind: 'file', path: '/etc/sysctl.d/zz.conf', from: null, to: text, mode: 0o644 }] })

  it('are taken at once, each with the value of today as its way back', async () => {
    machine.write('/proc/sys/kernel/dmesg_restrict', '0\n', 0o644)
    machine.write('/proc/sys/net/ipv4/tcp_rmem', '4096\t131072\t6291456\n', 0o644)
    const { steps } = await machine.plan([check('# ours\nkernel.dmesg_restrict = 1\nnet.ipv4.tcp_rmem=4096 87380 1\nkernel.absent = 1\n')])
    expect(steps.flatMap((step) => (step.kind === 'command' ? [[step.do.at(-1), step.undo?.at(-1)]] : []))).toEqual([
      ['kernel.dmesg_restrict=1', 'kernel.dmesg_restrict=0'],
      ['net.ipv4.tcp_rmem=4096 87380 1', 'net.ipv4.tcp_rmem=4096 131072 6291456'],
    ])
  })

  it('that are so already need no command', async () => {
    machine.write('/proc/sys/kernel/dmesg_restrict', '1\n', 0o644)
    expect((await machine.plan([check('kernel.dmesg_restrict = 1\n')])).steps.map(({ kind }) => kind)).toEqual(['folder', 'content'])
  })
})

describe('the session', () => {
  it('is that of the person behind sudo, with the connection in use', () => {
    expect(sessionOf({ USER: 'root', SUDO_USER: 'anna', SSH_CONNECTION: '203.0.113.7 50000 198.51.100.1 2222' })).toEqual({ user: 'anna', connection: { peer: '203.0.113.7', address: '198.51.100.1', port: 2222 } })
  })

  it.skipIf(process.platform !== 'linux')('is found above sudo, which takes the variable away', () => {
    // The child lost the variable, as by sudo; its parent still has it.
    const program = `import { spawnSync } from 'node:child_process'; const { SSH_CONNECTION, ...env } = process.env; process.stdout.write(spawnSync(process.execPath, ['--input-type=module', '-e', ${JSON.stringify(`import { sessionOf } from '${join(import.meta.dirname, '../../host/session.ts')}'; process.stdout.write(JSON.stringify(sessionOf(process.env)))`)}], { env, encoding: 'utf8' }).stdout)`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8', env: { USER: 'anna', SSH_CONNECTION: '203.0.113.7 50000 198.51.100.1 2222' } })
    expect(JSON.parse(stdout)).toEqual({ user: 'anna', connection: { peer: '203.0.113.7', address: '198.51.100.1', port: 2222 } })
  })
})
