/**
 * Applies, or undoes, and is killed at a given touch: by the kernel, with nothing left to run. Arguments: the folder of
 * a temporary machine, `apply`, `undo`, or `armed` for an apply under a lock and a real timer, the number of the touch.
 */
import { applyPlan } from './apply.ts'
import { armDeadMan } from './dead-man.ts'
import { alone } from './harden.ts'
import { everyKind, mortal, TemporaryMachine } from './harden.test.kit.ts'
import { undoPortsFor } from './ports.ts'
import { undoRun } from './undo.ts'

const [folder, what, at] = process.argv.slice(2) as [string, 'apply' | 'undo' | 'armed', string]
const machine = new TemporaryMachine(null, folder)
const { hands, records } = mortal(machine, Number(at), () => process.kill(process.pid, 'SIGKILL'))
const ports = machine.ports(hands, records)
if (what === 'armed') {
  const { clock, bootId } = undoPortsFor(machine.runs)
  const checks = everyKind(machine).filter(({ id }) => id !== 'services.on')
  const armed = { ...ports, clock, bootId, armDeadMan: async (id: string) => await armDeadMan(machine.runs, id) }
  await alone(machine.runs, async () => await applyPlan(await machine.plan(checks, machine.site(hands)), 600_000, armed))
} else if (what === 'apply') await applyPlan(await machine.plan(everyKind(machine), machine.site(hands)), 60_000, ports)
else await undoRun((await records.ids())[0]!, false, ports)
