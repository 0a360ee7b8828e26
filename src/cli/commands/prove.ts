import type { Status } from '../../control/index.ts'
import { ask } from '../guard-access.ts'
import { surfaceTable } from '../screen.ts'
import type { Terminal } from '../terminal.ts'

// Six surfaces, a minute each at worst (the pulse's own deadline), and one more round when the world changed meanwhile.
const proveTimeoutMs = 12 * 60_000

/** `hardshell prove`: a round of proofs now. */
export async function prove(options: { json?: unknown; state?: string | boolean }, terminal: Terminal): Promise<number> {
  if (options.json !== true) terminal.err('attacking every surface …')
  const state = await ask<Status>(options, terminal, 'prove', {}, proveTimeoutMs)
  terminal.out(options.json === true ? JSON.stringify(state, null, 2) : surfaceTable(state, terminal))
  return state.ok ? 0 : 1
}
