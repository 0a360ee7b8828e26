import { openAuditLog } from '../auditlog/index.ts'
import { HardshellError, messageOf, systemClock } from '../base/index.ts'
import { ask, logPathFor, operatorName } from './guard-access.ts'
import type { Terminal } from './terminal.ts'

/** What an operator's command did to the machine without the guard doing it. */
export interface OperatorChange {
  /** `isolation.applied`, `harden.undone`: the room and what happened. */
  rule: string
  /** What was changed. */
  target: string
  /** How it ended, one sentence. */
  result: string
}

/**
 * Puts such a change into the audit log: through the guard where one runs, else by itself. What was done stays done
 * when the log cannot be written (taking a wall down must always work); the operator is told then.
 */
export async function recordChange({ rule, target, result }: OperatorChange, options: { state?: string | boolean | undefined }, terminal: Terminal): Promise<void> {
  const by = operatorName(terminal.env)
  try {
    await ask(options, terminal, 'recordChange', { by, rule, target, result })
  } catch (error) {
    if (!(error instanceof HardshellError) || error.code !== 'control.unreachable') return tell(error, terminal)
    await withoutGuard({ event_type: 'config_change', rule, user: by, target, result_summary: result }, options, terminal)
  }
}

async function withoutGuard(entry: { event_type: 'config_change'; rule: string; user: string; target: string; result_summary: string }, options: { state?: string | boolean | undefined }, terminal: Terminal): Promise<void> {
  try {
    const log = await openAuditLog({ path: logPathFor(options, terminal) }, { clock: systemClock })
    try {
      await log.append(entry)
    } finally {
      await log.close()
    }
  } catch (error) {
    tell(error, terminal)
  }
}

function tell(error: unknown, terminal: Terminal): void {
  terminal.err(`it is done, and not in the audit log: ${messageOf(error)}`)
}
