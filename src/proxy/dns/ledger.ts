import type { AuditSink, NewEntry } from '../../auditlog/index.ts'
import type { Clock } from '../../base/index.ts'
import { shownName } from './name.ts'
import { windowMs } from './tunnelling.ts'

/** What was decided about a name. */
export interface NameDecision {
  allow: boolean
  rule: string
  reason: string
}

/**
 * Writes decisions about names into the log, each once in a window: whoever can ask names could fill the disk
 * otherwise. What is not written is counted, and the counts are written at the window's end.
 */
export interface Ledger {
  /**
   * @param always written whatever was written before: a proof's own name
   * @returns when the line is on the disk, or at once when it was written before in this window
   * @throws what the log throws
   */
  note(question: { name: string; type: string; peer: string }, decision: NameDecision, always: boolean): Promise<void>
  /** An alert, unless there were many in this window already. @throws what the log throws */
  alert(alert: Pick<NewEntry, 'rule' | 'reason' | 'target' | 'detail'>): Promise<void>
  /** Writes the counts of the window so far, if there are any. */
  close(): Promise<void>
}

// A working day of one gateway knows some dozens of names; more are somebody trying names. Allowed and refused count
// apart, so that a flood of refusals hides nothing that was allowed.
const maxNotesPerWindow = 200
// Somebody who can make alerts can make many: the first ones say it.
const maxAlertsPerWindow = 20

export function createLedger({ audit, clock }: { audit: AuditSink; clock: Clock }): Ledger {
  const noted = { allowed: new Set<string>(), refused: new Set<string>() }
  let since = clock.monotonicMs()
  let [allowed, refused, alerts] = [0, 0, 0]

  const summarize = async (): Promise<void> => {
    const counts = { not_logged_allowed: allowed, not_logged_refused: refused, not_logged_alerts: Math.max(0, alerts - maxAlertsPerWindow), window_s: Math.round(windowMs / 1000) }
    const any = allowed + refused + counts.not_logged_alerts > 0
    noted.allowed.clear()
    noted.refused.clear()
    since = clock.monotonicMs()
    allowed = refused = alerts = 0
    if (any) await audit.append({ event_type: 'dns_query', rule: 'dns.counts', reason: 'questions that were answered as those before them and not logged one by one', detail: counts })
  }
  const timer = setInterval(() => void summarize().catch(() => undefined), windowMs).unref()

  return {
    async note({ name, type, peer }, decision, always) {
      if (clock.monotonicMs() - since >= windowMs) await summarize()
      const { allow, rule, reason } = decision
      const known = allow ? noted.allowed : noted.refused
      const key = `${rule} ${name}`
      if (!always && (known.has(key) || known.size >= maxNotesPerWindow)) {
        if (allow) allowed++
        else refused++
        return
      }
      known.add(key)
      try {
        await audit.append({ event_type: 'dns_query', peer, target: shownName(name), decision: allow ? 'allow' : 'deny', rule, reason, detail: { type } })
      } catch (error) {
        known.delete(key)
        throw error
      }
    },
    async alert(alert) {
      alerts++
      if (alerts <= maxAlertsPerWindow) await audit.append({ event_type: 'alert', surface: 'dns', severity: 'warning', ...alert })
    },
    async close() {
      clearInterval(timer)
      await summarize().catch(() => undefined)
    },
  }
}
