import type { AuditSink } from '../auditlog/index.ts'
import { createOutboundTls, systemClock, type OutboundTls, type ReportTrust } from '../base/index.ts'
import type { Config } from '../config/index.ts'

/**
 * How everything in a guard or a command connects to elsewhere, by `tls` of config.yaml.
 * @throws HardshellError `tls.bad-ca-bundle`, `tls.unsafe-ca-bundle`
 */
export function outboundTlsOf({ tls }: Pick<Config, 'tls'>, report?: ReportTrust): OutboundTls {
  const { min_version: minVersion, preferred_version: preferredVersion, ca_bundle: caBundle } = tls
  return createOutboundTls({ minVersion, preferredVersion, caBundle }, { clock: systemClock, report })
}

/** What is said of the bundle before the log is open waits for it. */
export interface TrustEvents {
  report: ReportTrust
  /** From now on into this log. */
  connect(log: AuditSink): void
}

export function trustEvents(): TrustEvents {
  const waiting: Parameters<ReportTrust>[0][] = []
  let log: AuditSink | null = null
  // Whoever cannot write to the log closes the agents' paths; the bundle is no reason to do more.
  const write = (to: AuditSink, { ok, reason }: Parameters<ReportTrust>[0]): void =>
    void to.append({ event_type: ok ? 'config_change' : 'alert', severity: ok ? 'info' : 'high', rule: 'tls.ca-bundle', reason }).catch(() => undefined)
  return {
    report: (event) => {
      if (log) write(log, event)
      else waiting.push(event) // at most one: the file is read once before the log is open
    },
    connect: (opened) => {
      log = opened
      for (const event of waiting.splice(0)) write(opened, event)
    },
  }
}
