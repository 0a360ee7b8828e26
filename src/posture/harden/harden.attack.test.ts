import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, existsSync, linkSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applyPlan } from './apply.ts'
import { listRuns } from './confirm.ts'
import { alone } from './harden.ts'
import { everyKind, madeCheck, settingCheck, TemporaryMachine } from './harden.test.kit.ts'
import type { Hands } from './hands.ts'
import { showPlan } from './show.ts'
import { settleRuns, undoRun } from './undo.ts'

const config = '/home/claw/.openclaw/openclaw.json'
const isRoot = process.geteuid?.() === 0
let machine: TemporaryMachine
beforeEach(() => {
  machine = new TemporaryMachine()
  machine.write('/etc/cron.d/leftover', 'old\n', 0o640)
})
afterEach(() => machine.remove())

const loopback = settingCheck('gateway.bind', ['gateway', 'bind'], () => 'loopback')
const apply = async (hands: Hands = machine.hands()): Promise<unknown> => await applyPlan(await machine.plan(everyKind(machine), machine.site(hands)), 60_000, machine.ports(hands))

/** Hands that let an attacker move right before a touch of a path. */
function watched(touch: 'place' | 'swap' | 'grant' | 'look', path: string, attack: () => void): Hands {
  const hands = machine.hands()
  let done = false
  const before = (at: string): void => {
    if (at !== path || done) return
    done = true
    attack()
  }
  return { ...hands, [touch]: async (at: string, ...more: never[]) => {
    before(at)
    return await (hands[touch] as (path: string, ...rest: never[]) => Promise<unknown>)(at, ...more)
  } }
}

describe('somebody who plants links', () => {
  it('at a target keeps the file it leads to untouched; other checks go on', async () => {
    machine.write('/secret', 'root only\n', 0o600)
    rmSync(machine.at('/home/claw/.openclaw/credentials/telegram.json'))
    symlinkSync('/secret', machine.at('/home/claw/.openclaw/credentials/telegram.json'))
    chmodSync(machine.at('/secret'), 0o644)
    const link = madeCheck('files.link', { part: 'files', wrong: () => true, plan: [{ kind: 'mode', path: '/home/claw/.openclaw/credentials/telegram.json', from: 0o644, to: 0o600 }] })
    const plan = await machine.plan([link, loopback])
    expect(plan.aside).toEqual([{ check: 'files.link', why: '/home/claw/.openclaw/credentials/telegram.json is a symbolic link: it is not touched', refused: false }])
    await applyPlan(plan, 1000, machine.ports())
    expect(lstatSync(machine.at('/secret')).mode & 0o777).toBe(0o644)
    expect(machine.text(config)).toContain('loopback')
  })

  it('right before a file is written has the whole run taken back, and the other file unwritten', async () => {
    const before = machine.tree()
    machine.write('/shadow', 'x\n', 0o600)
    const hands = watched('place', config, () => {
      renameSync(machine.at(config), machine.at(`${config}.moved`))
      symlinkSync('../../../shadow', machine.at(config))
    })
    await expect(apply(hands)).rejects.toThrow(/symbolic link/)
    expect(machine.text('/shadow')).toBe('x\n')
    rmSync(machine.at(config))
    renameSync(machine.at(`${config}.moved`), machine.at(config))
    rmSync(machine.at('/shadow'))
    expect(machine.tree()).toEqual(before)
  })

  it('in the last moment, when nothing can look any more, lose the link and reach nothing through it', async () => {
    machine.write('/shadow', 'x\n', 0o600)
    const hands = watched('swap', config, () => {
      rmSync(machine.at(config))
      symlinkSync('../../../shadow', machine.at(config))
    })
    await apply(hands)
    expect(machine.text('/shadow')).toBe('x\n')
    expect(lstatSync(machine.at(config)).isFile()).toBe(true)
    expect(machine.text(config)).toContain('loopback')
  })

  it.skipIf(!isRoot)('on the way to a file, as another user than root, are not followed', async () => {
    const elsewhere = '/etc/victim'
    machine.write(`${elsewhere}/openclaw.json`, machine.text(config), 0o600)
    rmSync(machine.at('/home/claw/.openclaw'), { recursive: true })
    symlinkSync(elsewhere, machine.at('/home/claw/.openclaw'))
    // coreutils: chown without following, which Node has as lchown.
    execFileSync('chown', ['-h', '4711', machine.at('/home/claw/.openclaw')])
    const before = machine.tree()
    const plan = await machine.plan([loopback])
    expect(plan.steps).toEqual([])
    expect(plan.aside[0]!.why).toMatch(/link of user 4711/)
    expect(machine.tree()).toEqual(before)
  })

  it('out of a copied machine stay inside of it', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'hardshell-outside-'))
    writeFileSync(join(outside, 'openclaw.json'), machine.text(config))
    rmSync(machine.at('/home/claw/.openclaw'), { recursive: true })
    symlinkSync(outside, machine.at('/home/claw/.openclaw'))
    const plan = await machine.plan([loopback])
    expect(plan.steps).toEqual([])
    expect(readFileSync(join(outside, 'openclaw.json'), 'utf8')).toContain('lan')
    rmSync(outside, { recursive: true })
  })

  it('give a file a second name, and both keep their bytes and rights', async () => {
    machine.write('/etc/important', 'x\n', 0o644)
    linkSync(machine.at('/etc/important'), machine.at('/home/claw/.openclaw/hard'))
    const check = madeCheck('files.hard', { part: 'files', wrong: () => true, plan: [{ kind: 'mode', path: '/home/claw/.openclaw/hard', from: 0o644, to: 0o600 }] })
    expect((await machine.plan([check])).aside[0]!.why).toMatch(/second name/)
    expect(lstatSync(machine.at('/etc/important')).mode & 0o777).toBe(0o644)
  })
})

describe('a target that changes', () => {
  it('between plan and apply stops everything, with nothing half done', async () => {
    const plan = await machine.plan(everyKind(machine))
    appendFileSync(machine.at('/etc/ssh/sshd_config'), '# mine\n')
    const before = machine.tree()
    await expect(applyPlan(plan, 1000, machine.ports())).rejects.toMatchObject({ code: 'posture.changed-meanwhile', message: '/etc/ssh/sshd_config was changed by somebody else since the plan was made; everything is as it was' })
    expect(machine.tree()).toEqual(before)
    expect((await listRuns(machine.ports()))[0]!.standing.state).toBe('undone')
  })

  it('in its mode or owner counts as changed too', async () => {
    const plan = await machine.plan([loopback])
    chmodSync(machine.at(config), 0o666)
    await expect(applyPlan(plan, 1000, machine.ports())).rejects.toMatchObject({ code: 'posture.changed-meanwhile' })
    expect(machine.text(config)).toContain('lan')
  })

  it('after a crash is left to whoever changed it, and said', async () => {
    await apply()
    const [{ run }] = (await listRuns(machine.ports())) as unknown as [{ run: { id: string } }]
    const standing = join(machine.runs, run.id, 'standing.json')
    writeFileSync(standing, '{"state":"applying","deadlineAt":null,"left":[]}')
    machine.write('/etc/ssh/sshd_config', 'mine\n', 0o644)
    const [settled] = await settleRuns(machine.ports())
    expect(settled!.left).toEqual(['/etc/ssh/sshd_config stays as it is: somebody else has changed it since'])
    expect(machine.text('/etc/ssh/sshd_config')).toBe('mine\n')
    expect(machine.text(config)).toContain('"lan"')
  })
})

describe('a disk that fails', () => {
  it.each([config, '/etc/ssh/sshd_config', '/etc/logrotate.d/deep/openclaw'])('full at %s takes back what was done', async (path) => {
    const before = machine.tree()
    const full = watched('place', path, () => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    })
    await expect(apply(full)).rejects.toThrow(/everything is as it was/)
    expect(machine.tree()).toEqual(before)
  })

  it('full while undoing leaves the run open, and the next call finishes it', async () => {
    const before = machine.tree()
    await apply()
    const [{ run }] = (await listRuns(machine.ports())) as unknown as [{ run: { id: string } }]
    const full = watched('place', config, () => {
      throw Object.assign(new Error('the disk is full'), { code: 'ENOSPC' })
    })
    await expect(undoRun(run.id, false, machine.ports(full))).rejects.toMatchObject({ code: 'posture.not-applied' })
    expect((await listRuns(machine.ports()))[0]!.standing.state).toBe('undoing')
    expect(await settleRuns(machine.ports())).toMatchObject([{ left: [] }])
    expect(machine.tree()).toEqual(before)
  })

  it('that cannot keep the way back means that nothing is done', async () => {
    const before = machine.tree()
    mkdirSync(join(machine.runs, '..'), { recursive: true })
    writeFileSync(machine.runs, 'a file where the folder should be')
    await expect(apply()).rejects.toMatchObject({ code: 'posture.record-damaged' })
    expect(machine.tree()).toEqual(before)
  })

  it.skipIf(!isRoot)('with an immutable file says so and is as before', async () => {
    const immutable = machine.at(config)
    try {
      execFileSync('chattr', ['+i', immutable], { stdio: 'ignore' })
    } catch {
      // tmpfs and overlays know no such flag; then a folder nobody can write to stands in for it, which root ignores.
      expect(existsSync(immutable)).toBe(true)
      return
    }
    const before = machine.tree()
    try {
      await expect(apply()).rejects.toThrow(/immutable.*everything is as it was/)
      expect(machine.tree()).toEqual(before)
    } finally {
      execFileSync('chattr', ['-i', immutable])
    }
  })
})

describe('the record', () => {
  it('open to others is not used', async () => {
    mkdirSync(machine.runs, { recursive: true })
    chmodSync(machine.runs, 0o777)
    await expect(alone(machine.runs, async () => await Promise.resolve())).rejects.toMatchObject({ code: 'posture.record-damaged' })
  })

  it('is readable by its owner alone', async () => {
    await apply()
    const [id] = readdirSync(machine.runs)
    expect(lstatSync(join(machine.runs, id!)).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(join(machine.runs, id!))) expect(lstatSync(join(machine.runs, id!, name)).mode & 0o777, name).toBe(0o600)
  })

  it.each([0.9, 0.5, 0.1, 0])('whose journal keeps only %f of itself is still enough to take everything back', async (part) => {
    const before = machine.tree()
    await apply()
    const [id] = readdirSync(machine.runs)
    const journal = join(machine.runs, id!, 'journal.jsonl')
    truncateSync(journal, Math.floor(lstatSync(journal).size * part))
    writeFileSync(join(machine.runs, id!, 'standing.json'), '{"state":"applying","deadlineAt":null,"left":[]}')
    await settleRuns(machine.ports())
    const { 'flags/service': flag, 'etc/logrotate.d': folder, 'etc/logrotate.d/deep': deep, ...rest } = machine.tree()
    // Files tell by themselves. A command or a folder nobody remembers is the one thing a lost journal costs.
    expect(rest).toEqual(before)
    if (part === 0.9) expect([flag, folder, deep]).toEqual([undefined, undefined, undefined])
  })

  it.each(['plan.json', 'standing.json'])('with a broken %s is not acted upon', async (name) => {
    await apply()
    const after = machine.tree()
    const [id] = readdirSync(machine.runs)
    writeFileSync(join(machine.runs, id!, name), '{"ste')
    await expect(settleRuns(machine.ports())).rejects.toMatchObject({ code: 'posture.record-damaged' })
    expect(machine.tree()).toEqual(after)
  })

  it('with a forged backup puts nothing back in its place', async () => {
    await apply()
    const [id] = readdirSync(machine.runs)
    const backup = readdirSync(join(machine.runs, id!)).find((name) => readFileSync(join(machine.runs, id!, name), 'utf8').includes('the phone listens'))!
    writeFileSync(join(machine.runs, id!, backup), '{ gateway: { bind: "0.0.0.0" } }')
    await expect(undoRun(id!, false, machine.ports())).rejects.toThrow(/is not what was there/)
    expect(machine.text(config)).toContain('loopback')
  })
})

describe('a file of another kind', () => {
  it('with lines of Windows keeps them', async () => {
    machine.write(config, '{\r\n  // c\r\n  gateway: { bind: "lan" },\r\n}\r\n', 0o600)
    await applyPlan(await machine.plan([loopback]), 1000, machine.ports())
    expect(machine.text(config)).toBe('{\r\n  // c\r\n  gateway: { bind: "loopback" },\r\n}\r\n')
  })

  it('of 5 MB is changed in one place and undone byte for byte', async () => {
    const big = Array.from({ length: 60_000 }, (_, index) => `x${index} ${'y'.repeat(80)}\n`).join('')
    expect(big.length).toBeGreaterThan(5_000_000)
    machine.write('/etc/big.conf', big, 0o640)
    const before = machine.tree()
    const check = madeCheck('files.big', { part: 'files', wrong: () => !machine.text('/etc/big.conf').includes('x30000 z'), plan: [{ kind: 'line', path: '/etc/big.conf', key: 'x30000', separator: ' ', from: 'y'.repeat(80), to: 'z' }] })
    const plan = await machine.plan([check])
    expect(showPlan(plan).steps[0]!.diff.filter((line) => /^[+-]x/.test(line))).toEqual([`-x30000 ${'y'.repeat(80)}`, '+x30000 z'])
    const { id } = await applyPlan(plan, 1000, machine.ports())
    expect(machine.text('/etc/big.conf')).toBe(big.replace(`x30000 ${'y'.repeat(80)}`, 'x30000 z'))
    await undoRun(id, false, machine.ports())
    expect(machine.tree()).toEqual(before)
  })

  it('that is no text is not edited', async () => {
    const check = madeCheck('cron.binary', { part: 'files', wrong: () => true, plan: [{ kind: 'line', path: '/etc/cron.d/old', key: 'x', separator: '=', from: null, to: '1' }] })
    expect((await machine.plan([check])).aside).toEqual([{ check: 'cron.binary', why: '/etc/cron.d/old is not UTF-8: it is not edited', refused: false }])
  })
})
