/**
 * What the plugin says to the guard over its socket, one JSON object a line. The plugin's user is the agent's user:
 * everything in here is a claim to be judged, never a fact to be trusted beyond what a claim can cost.
 */

/** Asked before something happens; answered with `PluginAnswer` under the same id. */
export type PluginQuestion =
  | {
      kind: 'tool'
      tool: string
      args: unknown
      agentId: string
      sessionKey: string
      runId: string
      traceId: string | null
      channel: string | null
      sender: string | null
    }
  | { kind: 'install'; what: 'skill' | 'plugin'; name: string; source: string }
  /** What somebody wrote, before any agent reads it. */
  | { kind: 'inbound'; text: string; channel: string | null; sender: string | null; sessionKey: string | null }

/** Told after the fact or on the side; nobody waits. */
export type PluginNotice =
  | { kind: 'hello'; pid: number; pluginVersion: string }
  | {
      kind: 'announce'
      traceId: string
      agentId: string
      sessionKey: string
      runId: string
      channel?: string | null
      sender?: string | null
      jobId?: string | null
    }
  | { kind: 'spawned'; childSessionKey: string; parentSessionKey: string }
  | { kind: 'tool-done'; tool: string; agentId: string; sessionKey: string; runId: string; durationMs: number; error: string | null }
  | { kind: 'message'; direction: 'in' | 'out'; channel: string | null; sender: string | null; sessionKey: string | null; chars: number }

export interface PluginAnswer {
  id: number
  allow: boolean
  rule: string
  reason: string
}

/** One surface as `status`, `start --once` and the dashboard show it. */
export interface SurfaceState {
  id: string
  title: string
  /** Proven, and recently enough. `false` also while nothing was proven yet. */
  ok: boolean
  /** When the last successful proof ended, ISO 8601, or `null`. */
  provenAt: string | null
  detail: string
}

/** Counts of OpenClaw's own `security audit`. */
export interface AuditCounts {
  critical: number
  warn: number
  info: number
}

/** The answer to "is this installation guarded?". `ok` only when every surface is. */
export interface Status {
  ok: boolean
  surfaces: SurfaceState[]
  gateway: { version: string; state: 'starting' | 'ready' | 'stopped' | 'restarting'; pid: number | null; port: number; restarts: number }
  audit: { before: AuditCounts | null; after: AuditCounts | null }
  /** Which walls stand between the agent and the guard, and how to get the missing ones. */
  boundaries: { id: string; stands: boolean; detail: string; hint?: string }[]
  addresses: { ingress: string; model: string; egress: string; /** `null`: switched off. */ dns: string | null; control: string }
  paused: { by: string; reason: string; since: string } | null
  disabledAgents: string[]
  /** Values in use whose store says nothing now, with the time it last gave them, ISO 8601. */
  staleSecrets: readonly { name: string; store: string; since: string }[]
  spend: { todayMicroUsd: number; monthMicroUsd: number; dayLimitMicroUsd: number | null; monthLimitMicroUsd: number | null }
  provider: string
  log: { path: string; entries: number }
  startedAt: string
  configuration: { directory: string | null; notEnforced: number }
}

/** Routes of the control socket. The socket is 0600 in a folder of the guard's own: reaching it is being the operator. */
export const controlRoutes = {
  status: 'GET /status',
  prove: 'POST /prove',
  agents: 'GET /agents',
  disableAgent: 'POST /agents/disable',
  enableAgent: 'POST /agents/enable',
  pause: 'POST /pause',
  resume: 'POST /resume',
  spend: 'GET /spend',
  overrideBudget: 'POST /budget/override',
  budgetOverrides: 'GET /budget/overrides',
  revokeOverride: 'POST /budget/overrides/revoke',
  resetBudget: 'POST /budget/reset',
  egress: 'GET /egress',
  egressCredential: 'POST /egress/credential',
  reloadEgress: 'POST /egress/reload',
  egressSentinels: 'GET /egress/sentinels',
  alerts: 'GET /alerts',
  testAlerts: 'POST /alerts/test',
  recordChange: 'POST /changes',
  reloadSecrets: 'POST /secrets/reload',
  rotateSecrets: 'POST /secrets/rotate',
  stop: 'POST /stop',
} as const

export type ControlRoute = keyof typeof controlRoutes
