import { join } from 'node:path'
import type { AuditSink, NewEntry } from '../auditlog/index.ts'
import { systemClock, systemRandom, type OutboundTls } from '../base/index.ts'
import type { Config } from '../config/index.ts'
import { createSecrets, type LocalStore, type ReportSecretEvent, type SecretEvent, type Secrets } from '../secrets/index.ts'
import type { StatePaths } from './paths.ts'

/**
 * The secret stores as this installation uses them, the drawer of its own among them. Nothing is read and nobody is
 * asked before a secret is wanted.
 * @param settings `secrets` of config.yaml; left out: only what lies on this machine (environment, files, drawer)
 * @param more.report told when a store says nothing and an earlier value is used; see `secretEvents`
 * @param more.tls how stores on other machines are spoken to; see `outboundTlsOf`
 */
export function openSecrets(
  paths: StatePaths,
  env: NodeJS.ProcessEnv,
  settings?: Config['secrets'],
  more: { report?: ReportSecretEvent; tls?: OutboundTls } = {},
): Secrets & { local: LocalStore } {
  const secrets = createSecrets(
    {
      env,
      credentialsDirectory: env['CREDENTIALS_DIRECTORY'],
      localPath: paths.secrets,
      localKeyPath: paths.secretsKey,
      lastGoodPath: join(paths.guard, 'secrets-last-good.json'),
      usagePath: join(paths.guard, 'secrets-used.json'),
      settings,
    },
    { clock: systemClock, random: systemRandom, ...more },
  )
  return { ...secrets, local: secrets.local! } // there is one: its path was given
}

/** What the stores report, on its way into the log. */
export interface SecretEvents {
  report: ReportSecretEvent
  /** From now on into this log, what was reported before it was open included. */
  connect(log: AuditSink): void
}

// Stores report once a minute and secret; a start that takes this many minutes has other troubles.
const maxWaiting = 1000

/** Secrets are read before the log is open: what is reported until then waits. */
export function secretEvents(): SecretEvents {
  const waiting: SecretEvent[] = []
  let log: AuditSink | null = null
  // A log that cannot be written closes the agents' paths by itself; the secret is no reason to do more.
  const write = (to: AuditSink, event: SecretEvent): void => void to.append(entryOf(event)).catch(() => undefined)
  return {
    report: (event) => {
      if (log) write(log, event)
      else if (waiting.length < maxWaiting) waiting.push(event)
    },
    connect: (opened) => {
      log = opened
      for (const event of waiting.splice(0)) write(opened, event)
    },
  }
}

function entryOf(event: SecretEvent): NewEntry {
  const target = `secret ${event.name}`
  const rule = `secrets.${event.kind}`
  if (event.kind === 'store-answers-again') return { event_type: 'lifecycle', target, rule, reason: `${event.store} answers again` }
  const reason =
    event.kind === 'last-good-used'
      ? `${event.store} says nothing (${event.why}): the value confirmed ${event.since} is used`
      : `the value of ${event.store} could not be kept for an outage: ${event.why}`
  return { event_type: 'alert', severity: event.kind === 'last-good-used' ? 'high' : 'warning', target, rule, reason }
}
