/** Something somebody wants to do, in the words a rule is written in. */
export type Act =
  | { kind: 'call-tool'; tool: string; args: unknown; agentId: string; sessionKey: string; traceId: string | null }
  | { kind: 'call-model'; model: string; provider: string; agentId: string | null; sessionKey: string | null; runId: string | null; /** Equal for equal requests. */ fingerprint: string | null }
  | { kind: 'install'; what: 'skill' | 'plugin'; name: string; source: string }
  | { kind: 'connect'; host: string; port: number; agentId: string | null }

/** The answer to an act. A denial is a value: it is logged, told and lived with, never thrown. */
export interface Decision {
  allow: boolean
  /** Id of the rule that decided, found by `grep`: `kill-switch.agent-disabled`. */
  rule: string
  /** One sentence for the person, naming what was refused and the setting or command behind it. */
  reason: string
}
