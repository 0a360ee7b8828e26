/**
 * Whose traffic it is. Rules, limits, the kill switch and the accounts are kept by it; it comes from a credential, or
 * from there being none.
 */
export interface EgressIdentity {
  /** User name of its credential, and its name in the log: `gateway`, `agent.main`, `skill.main.weather`, `probe`. */
  readonly name: string
  readonly kind: 'gateway' | 'agent' | 'skill' | 'probe'
  /** The agent the kill switch stops it with; `null`: nobody can say. */
  readonly agentId: string | null
  readonly skill: string | null
}

/** OpenClaw's own process, and whatever it started that has no credential of its own. */
export const gatewayIdentity: EgressIdentity = { name: 'gateway', kind: 'gateway', agentId: null, skill: null }

/** The proof's own. It may go nowhere, and is there to be refused by the list. */
export const probeIdentity: EgressIdentity = { name: 'probe', kind: 'probe', agentId: null, skill: null }

const agentForm = /^[a-z0-9][a-z0-9_-]{0,63}$/
const skillForm = /^[a-z0-9][a-z0-9._-]{0,63}$/

/** @returns `null` for an id no agent, or a name no skill can have */
export function identityOf(agentId: string, skill: string | null = null): EgressIdentity | null {
  const agent = agentId.toLowerCase()
  if (!agentForm.test(agent)) return null
  if (skill === null) return { name: `agent.${agent}`, kind: 'agent', agentId: agent, skill: null }
  const name = skill.toLowerCase()
  return skillForm.test(name) ? { name: `skill.${agent}.${name}`, kind: 'skill', agentId: agent, skill: name } : null
}

/** The other way round: whom a user name stands for, whether it has ever been given out or not. */
export function identityNamed(name: string): EgressIdentity | null {
  if (name === gatewayIdentity.name) return gatewayIdentity
  if (name === probeIdentity.name) return probeIdentity
  const [kind, agent = '', ...skill] = name.split('.')
  const found = kind === 'agent' && skill.length === 0 ? identityOf(agent) : kind === 'skill' && skill.length > 0 ? identityOf(agent, skill.join('.')) : null
  return found?.name === name ? found : null
}
