import type { Status } from '../../control/index.ts'
import { pathsFor } from '../guard-access.ts'
import { withHandedKeys } from '../handed-keys.ts'
import { settleHardenings } from '../harden-unfinished.ts'
import { interruption } from '../interruption.ts'
import { screen } from '../screen.ts'
import type { Terminal } from '../terminal.ts'
import { settleUpgrades } from '../upgrade-unfinished.ts'

/** `hardshell start`: brings everything up; stays until interrupted, or with `--once` until everything was proven once. */
export async function start(options: Record<string, string | boolean | undefined>, terminal: Terminal): Promise<number> {
  await settleHardenings(options, terminal)
  await settleUpgrades(options, terminal)
  const { startGuard } = await import('../../guard/start.ts')
  const once = options['once'] === true
  const text = (name: string): string | undefined => (typeof options[name] === 'string' ? options[name] : undefined)
  const interrupted = interruption()
  const guard = await startGuard(
    { paths: pathsFor(options, terminal), config: text('config'), openclaw: text('openclaw'), env: withHandedKeys(terminal.env), cwd: terminal.cwd },
    { say: (line) => terminal.err(`${terminal.paint('dim', '·')} ${line}`), interrupted: interrupted.signal },
  )
  const state = await guard.status()
  show(state, options['json'] === true, terminal)
  if (!once) await interrupted.happened
  terminal.err(`${terminal.paint('dim', '·')} stopping`)
  await guard.stop()
  return once && !state.ok ? 1 : 0
}

function show(state: Status, asJson: boolean, terminal: Terminal): void {
  terminal.out(asJson ? JSON.stringify(state, null, 2) : screen(state, terminal))
}
