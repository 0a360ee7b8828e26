import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { applyPlan } from './apply.ts'
import { everyKind, Killed, madeCheck, mortal, TemporaryMachine } from './harden.test.kit.ts'
import { recordsIn } from './record.ts'
import { settleRuns, undoRun } from './undo.ts'

let machine: TemporaryMachine
afterEach(() => machine.remove())

function freshMachine(): TemporaryMachine {
  machine?.remove()
  machine = new TemporaryMachine()
  machine.write('/etc/cron.d/leftover', 'old\n', 0o640)
  return machine
}

// Its change is made, found useless and taken out of a file that others share: two more writes to be killed at.
const stubborn = madeCheck('tools.stubborn', { part: 'gateway', wrong: () => true, plan: [{ kind: 'setting', at: ['tools', 'profile'], from: undefined, to: 'messaging' }] })

async function apply(at: number): Promise<{ touches: number; died: boolean }> {
  const { hands, records, touches } = mortal(machine, at)
  try {
    await applyPlan(await machine.plan([...everyKind(machine), stubborn], machine.site(hands)), 60_000, machine.ports(hands, records))
    return { touches: touches(), died: false }
  } catch (error) {
    if (!(error instanceof Killed) && !/killed/.test(String(error))) throw error
    return { touches: touches(), died: true }
  }
}

const state = async (): Promise<string | undefined> => {
  const records = recordsIn(machine.runs)
  const [id] = await records.ids()
  return id === undefined ? undefined : (await records.read(id))?.standing.state
}

describe('a process that is killed', () => {
  // Every sixth touch from a different beginning: six tests that each stay short on a busy machine.
  it.each([0, 1, 2, 3, 4, 5])('at touch %i, +6, +12 … of an apply leaves what the next call makes into the tree before, byte for byte', { timeout: 120_000 }, async (first) => {
    freshMachine()
    const { touches: all, died } = await apply(-1)
    expect(died).toBe(false)
    expect(all).toBeGreaterThan(60)
    for (let at = first; at < all; at += 6) {
      freshMachine()
      const before = machine.tree()
      const { died } = await apply(at)
      expect(died, `touch ${at}`).toBe(true)
      // The last touches come after the run stands: then it waits for its confirmation, whole.
      if ((await state()) === 'pending') {
        expect(at, 'only the last').toBeGreaterThan(all - 2)
        await undoRun((await recordsIn(machine.runs).ids())[0]!, false, machine.ports())
      } else await settleRuns(machine.ports())
      expect(machine.tree(), `touch ${at}`).toEqual(before)
      expect(await settleRuns(machine.ports()), 'a second call has nothing left to do').toEqual([])
    }
  })

  it.each([0, 1, 2, 3, 4, 5])('at touch %i, +6, +12 … of an undo, and again somewhere in the undo after that, still ends at the tree before', { timeout: 120_000 }, async (first) => {
    freshMachine()
    const undoAt = async (at: number): Promise<{ touches: number; died: boolean }> => {
      const { hands, records, touches } = mortal(machine, at)
      const [id] = await recordsIn(machine.runs).ids()
      try {
        await undoRun(id!, false, machine.ports(hands, records))
        return { touches: touches(), died: false }
      } catch (error) {
        if (!/killed/.test(String(error))) throw error
        return { touches: touches(), died: true }
      }
    }
    await apply(-1)
    const { touches: all } = await undoAt(-1)
    expect(all).toBeGreaterThan(40)
    for (let at = first; at < all; at += 6) {
      freshMachine()
      const before = machine.tree()
      await apply(-1)
      expect(machine.tree()).not.toEqual(before)
      expect((await undoAt(at)).died).toBe(true)
      // A different place every time; it may also get through.
      await undoAt((at * 7) % all)
      const left = await settleRuns(machine.ports())
      expect(left.flatMap((run) => run.left)).toEqual([])
      if ((await state()) === 'pending') await undoAt(-1)
      expect(machine.tree(), `touch ${at}`).toEqual(before)
    }
  })

  // The same with a real process and a real SIGKILL, at some of the touches: starting one takes half a second.
  it.each([1, 23, 45, 67])('by the kernel at touch %i of apply, then of undo, is recovered by the next process', { timeout: 60_000 }, async (at) => {
    freshMachine()
    const before = machine.tree()
    const child = (what: 'apply' | 'undo', touch: number): string | null => spawnSync(process.execPath, [join(import.meta.dirname, 'kill.test.child.ts'), machine.folder, what, String(touch)]).signal
    expect(child('apply', at)).toBe('SIGKILL')
    expect(child('undo', at % 20)).toBe('SIGKILL')
    await settleRuns(machine.ports())
    expect(machine.tree()).toEqual(before)
  })
})
