import type { Secret } from '../base/index.ts'
import { mayUse, type SecretScope } from './scope.ts'
import { findByName } from './secret-name.ts'

/** What OpenClaw is given when it asks as for an exec SecretRef. */
export interface ExecRules {
  /** Names the operator listed (`secrets.openclaw`): nothing else is ever given. */
  listed: readonly string[]
  scopes: Readonly<Record<string, SecretScope>>
}

export interface ExecPorts {
  /**
   * `null`: this secret may be handed out now, and no other request had it in this window; otherwise the rule and why not.
   * @param name in upper case, so that neither another spelling nor another id of it is another secret
   */
  closed(name: string): { rule: string; reason: string } | null
  get(name: string): Promise<Secret | null>
  /** Must be on the disk before the value leaves; a failure refuses it. */
  record(decision: ExecDecision): Promise<void>
}

/** One id that was asked for. */
export interface ExecDecision {
  id: string
  allow: boolean
  rule: string
  reason: string
}

// OpenClaw asks for all ids of a provider at once; a configuration has some dozens.
const maxIds = 256

// Its own rule for ids (OpenClaw docs, gateway/secrets/secretref-contract), in the forms we give a meaning.
const idForm = /^(?:(agents|skills)\/([A-Za-z0-9][A-Za-z0-9_.-]{0,63})\/)?([A-Za-z_][A-Za-z0-9_]{0,127})$/

/**
 * Answers one request of OpenClaw's exec protocol, version 1: `{protocolVersion, provider, ids}` →
 * `{protocolVersion, values, errors}`. An id is the name of a secret, or `skills/SKILL/NAME`, `agents/AGENT/NAME` for a
 * secret with a scope. Everything in the request is attacker-controlled: whoever runs as OpenClaw's user can send it.
 * @returns the answer as one line; `null` when the request is none
 */
export async function answerExec(request: string, rules: ExecRules, ports: ExecPorts): Promise<string | null> {
  const ids = readIds(request)
  if (!ids) return null
  const values: Record<string, string> = {}
  const errors: Record<string, { code: string }> = {}
  for (const id of ids) {
    const given = await giveOne(id, rules, ports).catch(() => 'UNAVAILABLE')
    if (typeof given === 'string') errors[id] = { code: given }
    else values[id] = given.reveal()
  }
  return JSON.stringify({ protocolVersion: 1, values, errors })
}

/** @returns the secret, or the code of the error: `NOT_FOUND` is the one OpenClaw shows to people */
async function giveOne(id: string, rules: ExecRules, ports: ExecPorts): Promise<Secret | string> {
  const decision = judge(id, rules, ports)
  if (!decision.allow) {
    await ports.record(decision)
    return 'DENIED'
  }
  const secret = await ports.get(idForm.exec(id)![3]!)
  if (!secret) {
    await ports.record({ ...decision, allow: false, rule: 'secrets.exec.missing', reason: 'no store has it' })
    return 'NOT_FOUND'
  }
  await ports.record(decision)
  return secret
}

function judge(id: string, { listed, scopes }: ExecRules, { closed }: ExecPorts): ExecDecision {
  const [, kind, whose, name] = idForm.exec(id) ?? []
  if (name === undefined) {
    const reason = 'not NAME, skills/SKILL/NAME or agents/AGENT/NAME'
    return { id: 'an id we have no form for', allow: false, rule: 'secrets.exec.bad-id', reason }
  }
  if (findByName(Object.fromEntries(listed.map((each) => [each, true])), name) === null) {
    return { id, allow: false, rule: 'secrets.exec.not-listed', reason: `${name} is not on the list secrets.openclaw` }
  }
  const who = { agentId: kind === 'agents' ? whose! : null, skill: kind === 'skills' ? whose! : null }
  const scope = mayUse(scopes, name, who)
  if (!scope.allow) return { id, ...scope }
  const shut = closed(name.toUpperCase())
  if (shut) return { id, allow: false, ...shut }
  return { id, allow: true, rule: 'secrets.exec.given', reason: 'listed, in its scope, and no agent can act' }
}

function readIds(request: string): string[] | null {
  try {
    const { protocolVersion, ids } = JSON.parse(request) as { protocolVersion?: unknown; ids?: unknown }
    if (protocolVersion !== 1 || !Array.isArray(ids) || ids.length > maxIds) return null
    return ids.every((id): id is string => typeof id === 'string' && id.length <= 256) ? [...new Set(ids)] : null
  } catch {
    return null
  }
}
