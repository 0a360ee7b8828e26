import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuditWriter } from '../auditlog/index.ts'
import { systemClock, systemRandom, writeFileAtomic, type OutboundTls, type Secret } from '../base/index.ts'
import type { Config } from '../config/index.ts'
import { openInspection, type InspectContent, type Inspection } from '../proxy/egress/index.ts'
import { mayUse } from '../secrets/index.ts'
import type { StatePaths } from './paths.ts'

interface Needed {
  paths: Pick<StatePaths, 'inspection' | 'trust'>
  config: Pick<Config, 'egress' | 'secrets'>
  keys: { egress: Secret }
  secrets: { current(name: string): Secret | null | Promise<Secret | null> }
  tls: OutboundTls
}

/** The look inside TLS as this installation uses it. */
export interface GuardInspection {
  inspection: Inspection
  /** What makes programs trust our authority, beside those they trust anyway. */
  environment: Readonly<Record<string, string>>
}

/**
 * Opens the authority and lays its certificate where the gateway's user can read it.
 * @returns `null` when no host is to be inspected; then what an earlier start laid there is taken away
 */
export async function openGuardInspection(input: Needed, ports: { audit: AuditWriter; content: InspectContent }): Promise<GuardInspection | null> {
  const { config, paths, keys, secrets, tls } = input
  const hosts = config.egress.inspect
  if (hosts.length === 0) {
    await rm(paths.trust, { recursive: true, force: true })
    return null
  }
  const inspection = await openInspection(
    { hosts, folder: paths.inspection, sentinelKey: keys.egress },
    {
      ...ports,
      clock: systemClock,
      random: systemRandom,
      tls,
      mayUse: (name, { agentId, skill }) => mayUse(config.secrets.scopes, name, { agentId, skill }),
      secret: (name) => secrets.current(name),
    },
  )
  return { inspection, environment: await layTrust(paths.trust, inspection.certificate, tls) }
}

/** A program that trusts the authority of inspected connections, and by it what it starts: Node reads this when it starts. */
export function trusting<Task extends { env: Record<string, string> }>(task: Task, inspection: GuardInspection | null): Task {
  return inspection ? { ...task, env: { ...task.env, ...inspection.environment } } : task
}

/** Variables of Node, OpenSSL, curl, Python and git: the ones OpenClaw sets for its own egress proxy, and hands to its children. */
async function layTrust(folder: string, certificate: string, tls: OutboundTls): Promise<Record<string, string>> {
  const alone = join(folder, 'egress-ca.pem')
  const bundle = join(folder, 'ca-bundle.pem')
  await mkdir(folder, { recursive: true, mode: 0o755 })
  await writeFileAtomic(alone, certificate, { mode: 0o644 })
  // Node adds to what it trusts; the others trust the file and nothing else.
  await writeFileAtomic(bundle, [...tls.authorities(), certificate].map((pem) => `${pem.trim()}\n`).join(''), { mode: 0o644 })
  return { NODE_EXTRA_CA_CERTS: alone, SSL_CERT_FILE: bundle, CURL_CA_BUNDLE: bundle, REQUESTS_CA_BUNDLE: bundle, GIT_SSL_CAINFO: bundle }
}
