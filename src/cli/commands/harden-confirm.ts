import { alone, confirmRun, undoPortsFor } from '../../posture/index.ts'
import { recordChange } from '../record-change.ts'
import type { Terminal } from '../terminal.ts'
import { hardenFolder, type HardenOptions } from './harden.ts'

/** `hardshell harden confirm [RUN]`: it stays. */
export async function confirm(run: string | undefined, options: HardenOptions, terminal: Terminal): Promise<number> {
  const folder = hardenFolder(options, terminal)
  const id = await alone(folder, async () => await confirmRun(run ?? null, undoPortsFor(folder)))
  await recordChange({ rule: 'harden.confirmed', target: `harden run ${id}`, result: 'stays' }, { state: typeof options['state'] === 'string' ? options['state'] : undefined }, terminal)
  terminal.out(options['json'] === true ? JSON.stringify({ ok: true, run: id }) : `run ${id} stays. Back: ${terminal.self} harden undo ${id}`)
  return 0
}
