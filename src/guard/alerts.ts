import { hostname } from 'node:os'
import type { DatabaseSync } from 'node:sqlite'
import { openAlerts, undeliveredRule, type Alerts, type Trouble } from '../alerts/index.ts'
import type { AuditSink } from '../auditlog/index.ts'
import { systemClock } from '../base/index.ts'
import { unreachedBy, type Config } from '../config/index.ts'
import type { ControlHandlers } from '../control/index.ts'
import type { WireInput, Wired } from './wire.ts'

/** What sending needs of the rest of the guard. */
interface AlertParts {
  log: AuditSink
  /** Where the log ended when it was opened. */
  firstSeq: number
  db: DatabaseSync
  redact(text: string): string
}

/** Sends what the log says to whom `notifications` and the jobs name. @param onOpen told how it is ended */
export function openGuardAlerts({ config, paths, secrets, tls }: Pick<WireInput, 'config' | 'paths' | 'secrets' | 'tls'>, { log, firstSeq, db, redact }: AlertParts, onOpen: (end: () => Promise<void>) => void): Alerts {
  // Whoever cannot write to the log closes the agents' paths; an alert that was not delivered is no reason to do more.
  const write = (entry: Parameters<AuditSink['append']>[0]): void => void log.append(entry).catch(() => undefined)
  for (const { job, kind, to } of unreachedBy(config)) {
    const reason = `job ${job} names ${to} in notify.${kind}, and nobody is told: notifications.${kind} is not configured`
    write({ event_type: 'alert', severity: 'warning', rule: 'alerts.no-destination', reason })
  }
  const alerts = openAlerts(
    { notifications: config.notifications, jobs: noticesOf(config), log: { path: config.audit.log_path ?? paths.auditLog, firstSeq }, host: hostname() },
    {
      tls,
      clock: systemClock,
      db,
      redact,
      secret: async (name) => await secrets.get(name),
      report: ({ destination, reason }: Trouble) => write({ event_type: 'alert', severity: 'high', rule: undeliveredRule, reason, detail: { destination } }),
      broken: (reason) => write({ event_type: 'lifecycle', severity: 'critical', rule: 'alerts.log-unreadable', reason }),
    },
  )
  onOpen(async () => await alerts.stop())
  return alerts
}

function noticesOf({ jobs }: Config): Parameters<typeof openAlerts>[0]['jobs'] {
  return Object.fromEntries(Object.entries(jobs).map(([name, { notify }]) => [name, notify]))
}

/** What the operator asks about destinations. */
export function alertHandlers({ alerts, log }: Pick<Wired, 'alerts' | 'log'>): Pick<ControlHandlers, 'alerts' | 'testAlerts'> {
  return {
    alerts: async () => alerts.list(),
    async testAlerts({ destination, by }) {
      const name = typeof destination === 'string' ? destination.slice(0, 50) : undefined
      const reason = `a test message is sent to ${name ?? 'every destination'}`
      await log.append({ event_type: 'lifecycle', rule: 'alerts.test', user: typeof by === 'string' ? by.slice(0, 200) : 'unknown', reason })
      return await alerts.test(name)
    },
  }
}
