import type { Status } from '../../control/index.ts'
import { ask } from '../guard-access.ts'
import { screen } from '../screen.ts'
import type { Terminal } from '../terminal.ts'

/** `hardshell status`: exit 0 only when every surface has a fresh proof. */
export async function status(options: { json?: unknown; state?: string | boolean }, terminal: Terminal): Promise<number> {
  const state = await ask<Status>(options, terminal, 'status')
  terminal.out(options.json === true ? JSON.stringify(state, null, 2) : screen(state, terminal))
  return state.ok ? 0 : 1
}
