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
// Somebody who can make alerts can make many: the first ones say it. Those about names nobody approved, which nothing
// came of, count apart for the same reason.
const maxAlertsPerWindow = 20

const beyond = (alerts: number): number => Math.max(0, alerts - maxAlertsPerWindow)

export function createLedger({ audit, clock }: { audit: AuditSink; clock: Clock }): Ledger {
  const noted = { allowed: new Map<string, Promise<unknown>>(), refused: new Map<string, Promise<unknown>>() }
  let since = clock.monotonicMs()
  let [allowed, refused] = [0, 0]
  let alerts = { approved: 0, others: 0 }

  const summarize = async (): Promise<void> => {
    const counts = { not_logged_allowed: allowed, not_logged_refused: refused, not_logged_alerts: beyond(alerts.approved) + beyond(alerts.others), window_s: Math.round(windowMs / 1000) }
    const any = allowed + refused + counts.not_logged_alerts > 0
    noted.allowed.clear()
    noted.refused.clear()
    since = clock.monotonicMs()
    allowed = refused = 0
    alerts = { approved: 0, others: 0 }
    if (any) await audit.append({ event_type: 'dns_query', rule: 'dns.counts', reason: 'questions that were answered as those before them and not logged one by one', detail: counts })
  }
  const timer = setInterval(() => void summarize().catch(() => undefined), windowMs).unref()

  return {
    async note({ name, type, peer }, decision, always) {
      if (clock.monotonicMs() - since >= windowMs) await summarize()
      const { allow, rule, reason } = decision
      const known = allow ? noted.allowed : noted.refused
      const key = `${rule} ${name}`
      const before = known.get(key)
      if (!always && (before !== undefined || known.size >= maxNotesPerWindow)) {
        if (allow) allowed++
        else refused++
        // Who asks for it a second time while the line is being written has to wait for it as well.
        return void (await before)
      }
      const writing = audit.append({ event_type: 'dns_query', peer, target: shownName(name), decision: allow ? 'allow' : 'deny', rule, reason, detail: { type } })
      known.set(key, writing)
      try {
        await writing
      } catch (error) {
        known.delete(key)
        throw error
      }
    },
    async alert(alert) {
      const of = alert.detail?.['approved'] === false ? 'others' : 'approved'
      if (++alerts[of] <= maxAlertsPerWindow) await audit.append({ event_type: 'alert', surface: 'dns', severity: 'warning', ...alert })
    },
    async close() {
      clearInterval(timer)
      await summarize().catch(() => undefined)
    },
  }
}
