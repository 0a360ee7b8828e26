import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { applyPlan } from './apply.ts'
import { bootUndoIn, noBootUndo } from './boot-undo.ts'
import { confirmRun } from './confirm.ts'
import { armDeadMan, deadManCommand } from './dead-man.ts'
import { alone } from './harden.ts'
import { everyKind, TemporaryMachine } from './harden.test.kit.ts'
import { undoPortsFor, type HardenPorts } from './ports.ts'
import type { Watch } from './watch.ts'

let machine: TemporaryMachine
beforeEach(() => {
  machine = new TemporaryMachine()
  machine.write('/etc/cron.d/leftover', 'old\n', 0o640)
})
afterEach(() => machine.remove())

/** A real clock and a real timer; only the programs of the machine are not there. */
function realPorts(): HardenPorts & { watch: Watch } {
  const { clock, bootId } = undoPortsFor(machine.runs)
  return { ...machine.ports(), clock, bootId, armDeadMan: async (id) => await armDeadMan(machine.runs, id) }
}

/** Without the command: its undo is of a program only this test knows. */
const checks = (): ReturnType<typeof everyKind> => everyKind(machine).filter(({ id }) => id !== 'services.on')

async function until(what: string, is: () => boolean): Promise<void> {
  const end = performance.now() + 25_000
  while (!is()) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const isBefore = (before: Record<string, string>) => (): boolean => JSON.stringify(machine.tree()) === JSON.stringify(before)
const timers = (): number[] =>
  readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(machine.runs)
    } catch {
      return false
    }
  })

it('a run nobody confirms is taken back by a process of its own', async () => {
  const before = machine.tree()
  await alone(machine.runs, async () => await applyPlan(await machine.plan(checks()), 3000, realPorts()))
  expect(isBefore(before)()).toBe(false)
  expect(timers()).toHaveLength(1)
  await until('the timer', isBefore(before))
  await until('its end', () => timers().length === 0)
})

it('a run that is confirmed stays, and its timer ends', async () => {
  await alone(machine.runs, async () => await applyPlan(await machine.plan(checks()), 60_000, realPorts()))
  const after = machine.tree()
  await alone(machine.runs, async () => await confirmRun(null, { ...undoPortsFor(machine.runs), boot: noBootUndo }))
  await until('its end', () => timers().length === 0)
  expect(machine.tree()).toEqual(after)
})

it('a command that is killed in the middle is taken back at once, long before its time', async () => {
  const before = machine.tree()
  const { signal } = spawnSync(process.execPath, [join(import.meta.dirname, 'kill.test.child.ts'), machine.folder, 'armed', '30'])
  expect(signal).toBe('SIGKILL')
  await until('the timer', isBefore(before))
})

it('a restart finds a unit that takes it back, and nothing of it afterwards', async () => {
  machine.write('/etc/systemd/system/.keep', '', 0o644)
  const boot = bootUndoIn(machine.at('/etc'))
  const before = machine.tree()
  await boot.write(deadManCommand('/var/lib/hardshell/guard/harden', '20261121-120000-000000'))
  const unit = machine.text('/etc/systemd/system/hardshell-harden-undo.service')
  expect(unit).toMatch(/^ExecStart="[^"]*node[^"]*" "[^"]*dead-man-task\.[jt]s" "\/var\/lib\/hardshell\/guard\/harden" "20261121-120000-000000"$/m)
  expect(unit).toContain('Before=ssh.service sshd.service')
  expect(machine.text('/etc/systemd/system/multi-user.target.wants/hardshell-harden-undo.service')).toBe(unit)
  await boot.remove()
  const { 'etc/systemd/system/multi-user.target.wants': _, ...rest } = machine.tree()
  expect(rest).toEqual(before)
})
