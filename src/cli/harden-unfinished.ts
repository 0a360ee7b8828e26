import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HardshellError } from '../base/index.ts'
import { pathsFor } from './guard-access.ts'
import { recordChange } from './record-change.ts'
import type { Terminal } from './terminal.ts'

/**
 * Before a guard starts: takes back what a hardening left that nobody finished, or nobody confirmed before the machine
 * was started anew. Loads the checks, some hundred files, only where there is such a run.
 */
export async function settleHardenings(options: { state?: string | boolean | undefined }, terminal: Terminal): Promise<void> {
  const { harden: folder } = pathsFor(options, terminal)
  if (!hasOpenRun(folder)) return
  const { alone, settleRuns, undoPortsFor } = await import('../posture/index.ts')
  try {
    for (const { id, left } of await alone(folder, async () => await settleRuns(undoPortsFor(folder)))) {
      terminal.err(`${terminal.paint('yellow', '!')} hardening ${id} was never finished or confirmed: it is taken back${left.length === 0 ? '' : `; not put back: ${left.join('; ')}`}`)
      await recordChange({ rule: 'harden.undone', target: `harden run ${id}`, result: 'taken back at a start: it was never finished or confirmed' }, options, terminal)
    }
  } catch (error) {
    // A guard that is needed starts all the same: what could not be put back stays open, and every harden says so.
    if (!(error instanceof HardshellError)) throw error
    terminal.err(`${terminal.paint('yellow', '!')} a hardening is open: ${error.message}; next: ${error.hint ?? 'hardshell harden list'}`)
  }
}

// Damaged and unreadable counts as open: who settles it says what is wrong.
function hasOpenRun(folder: string): boolean {
  if (!existsSync(folder)) return false
  return readdirSync(folder, { withFileTypes: true }).some((entry) => entry.isDirectory() && !isOver(join(folder, entry.name, 'standing.json')))
}

function isOver(standing: string): boolean {
  try {
    const { state } = JSON.parse(readFileSync(standing, 'utf8')) as { state?: unknown }
    return state === 'kept' || state === 'undone'
  } catch {
    return false
  }
}
