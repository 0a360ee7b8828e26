import { findByName } from './secret-name.ts'

/** Who may use a secret, as `secrets.scopes` says it. */
export interface SecretScope {
  /** Left out: every agent. */
  readonly agents?: readonly string[] | undefined
  /** Left out: no skill. */
  readonly skills?: readonly string[] | undefined
}

/** Who wants it, as far as we know: claims of the agent's side are claims here too. */
export interface SecretUser {
  /** `null`: nobody said for whom. */
  agentId: string | null
  /** `null`: not for a skill. */
  skill: string | null
}

/** A refusal is a value; the caller logs it. */
export interface ScopeDecision {
  allow: boolean
  rule: string
  reason: string
}

/**
 * Decides whether a secret is for this agent and this skill. A secret without a scope is every agent's and no skill's:
 * what a skill gets was meant for it by name. A secret that is scoped to skills is for them alone.
 */
export function mayUse(scopes: Readonly<Record<string, SecretScope>>, name: string, who: SecretUser): ScopeDecision {
  const { agentId, skill } = who
  const scope = findByName(scopes, name) ?? {}
  if (scope.agents && !lists(scope.agents, agentId)) {
    const whom = agentId === null ? 'an agent nobody named' : `agent ${agentId}`
    return refuse('secrets.scope.agent', `${name} is not for ${whom} (secrets.scopes)`)
  }
  if (skill !== null && !lists(scope.skills ?? [], skill)) {
    return refuse('secrets.scope.skill', `${name} is not for skill ${skill} (secrets.scopes)`)
  }
  if (skill === null && scope.skills) return refuse('secrets.scope.skill-only', `${name} is for skills only (secrets.scopes)`)
  return { allow: true, rule: 'secrets.scope.allowed', reason: 'nothing in secrets.scopes forbids it' }
}

/** OpenClaw takes ids in any case for the same agent. */
function lists(ids: readonly string[], id: string | null): boolean {
  return id !== null && ids.some((listed) => listed.toLowerCase() === id.toLowerCase())
}

function refuse(rule: string, reason: string): ScopeDecision {
  return { allow: false, rule, reason }
}
