import { z } from 'zod'
import { alertSettings, notificationSettings } from '../alerts/settings.ts'
import { auditSettings } from '../auditlog/settings.ts'
import { backupSettings } from '../backup/settings.ts'
import { budgetSettings } from '../budget/settings.ts'
import { contentSettings } from '../content/settings.ts'
import { apiAuthSettings, dashboardSettings } from '../identity/settings.ts'
import { contactSettings, playbookSettings } from '../incident/settings.ts'
import { isolationSettings } from '../isolation/settings.ts'
import {
  agentSettings,
  channelSettings,
  gatewaySettings,
  sessionSettings,
  toolSettings,
} from '../openclaw/settings.ts'
import { requireVpnSettings } from '../host/settings.ts'
import { loopSettings } from '../policy/settings.ts'
import { postureSettings } from '../posture/settings.ts'
import { profileSettings } from '../profiles/settings.ts'
import { proofSettings } from '../proof/settings.ts'
import { dnsSettings } from '../proxy/dns/settings.ts'
import { egressSettings, tlsSettings } from '../proxy/egress/settings.ts'
import { ipAllowlistSettings, portSettings, rateLimitingSettings, serverSettings } from '../proxy/ingress/settings.ts'
import { modelSettings } from '../proxy/model/settings.ts'
import { sandboxSettings } from '../sandbox/settings.ts'
import { jobSettings } from '../schedule/settings.ts'
import { rotationSettings } from '../secrets/rotation/settings.ts'
import { secretsSettings } from '../secrets/settings.ts'

const apiSettings = z
  .strictObject({ auth: apiAuthSettings, rate_limiting: rateLimitingSettings, ip_allowlist: ipAllowlistSettings })
  .prefault({})
  .describe('who may call the front door, how often and from where')

/** Which top-level key lives in which file. `jobs` may also stand in monitoring.yaml, as the guide shows it there. */
export const sections = {
  'config.yaml': {
    secrets: secretsSettings,
    rotation: rotationSettings,
    tls: tlsSettings,
    server: serverSettings,
    dashboard: dashboardSettings,
    audit: auditSettings,
    budgets: budgetSettings,
    loops: loopSettings,
    models: modelSettings,
    proof: proofSettings,
    content: contentSettings,
    gateway: gatewaySettings,
    session: sessionSettings,
    tools: toolSettings,
    sandbox: sandboxSettings,
    channels: channelSettings,
    agents: agentSettings,
    profiles: profileSettings,
  },
  'network.yaml': { egress: egressSettings, dns: dnsSettings, require_vpn: requireVpnSettings, isolation: isolationSettings, ports: portSettings },
  'api.yaml': { api: apiSettings },
  'maintenance.yaml': { jobs: jobSettings, backup: backupSettings },
  'monitoring.yaml': { security_alerts: alertSettings, notifications: notificationSettings, jobs: jobSettings },
  'incident-response.yaml': { contacts: contactSettings, playbooks: playbookSettings },
  'posture.yaml': { posture: postureSettings },
} as const

export type ConfigFileName = keyof typeof sections

/** The files we read, in the order we read them. Others in the directory are not ours. */
export const configFileNames = Object.keys(sections) as ConfigFileName[]

/** The whole configuration, whatever file a key came from. */
export const rootSchema = z.strictObject({
  ...sections['config.yaml'],
  ...sections['network.yaml'],
  ...sections['api.yaml'],
  ...sections['maintenance.yaml'],
  ...sections['monitoring.yaml'],
  ...sections['incident-response.yaml'],
  ...sections['posture.yaml'],
})

/**
 * Every setting, defaults filled in, names as in the files. Durations are milliseconds, money is integer micro-USD,
 * sizes are bytes, addresses to listen on are `{host, port}`; `$NAME` references stay references: the text `$NAME`.
 */
export type Config = DeepReadonly<z.output<typeof rootSchema>>

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T

/** The file a top-level key lives in first of all; `null` when no file knows it. */
export function homeOf(key: string): ConfigFileName | null {
  return configFileNames.find((file) => Object.hasOwn(sections[file], key)) ?? null
}

/**
 * Root keys that mean a place further down. The second guide prints parts of its hardened baseline without their
 * parents, and the sandbox in one dotted line; copied as they stand they have to load.
 */
export const shorthands: Readonly<Record<string, readonly string[]>> = {
  auth: ['gateway', 'auth'],
  fs: ['tools', 'fs'],
  exec: ['tools', 'exec'],
  elevated: ['tools', 'elevated'],
  'agents.defaults.sandbox': ['agents', 'defaults', 'sandbox'],
}
