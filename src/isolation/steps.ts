import { mustRun } from '../host/index.ts'
import type { IsolationPorts } from './ports.ts'

/** A command that changes the machine, and the one that takes it back (`null`: it goes with another's). */
export interface Step {
  what: string
  command: readonly string[]
  /** Its stdin. */
  input?: string
  undo: readonly string[] | null
  /** How often it may be tried before its failure counts; once by default. */
  tries?: number
}

/** Makes them anew; what an earlier try left half made goes first. @throws HardshellError `host.command-failed` */
export async function makeSteps(steps: readonly Step[], ports: Pick<IsolationPorts, 'run'>): Promise<void> {
  await takeBack(steps, ports)
  for (const step of steps) await make(step, ports)
}

async function make({ command, input, tries = 1 }: Step, { run }: Pick<IsolationPorts, 'run'>): Promise<void> {
  for (let left = tries; left > 1; left--) {
    if ((await run(command, input === undefined ? {} : { input })).status === 0) return
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  await mustRun(run, command, input === undefined ? {} : { input })
}

/** Takes them back, last first. A way back that fails leads from something that was never made, or is gone already. */
export async function takeBack(steps: readonly Step[], { run }: Pick<IsolationPorts, 'run'>): Promise<void> {
  for (const { undo } of steps.toReversed()) if (undo !== null) await run(undo)
}
