import ipaddr from 'ipaddr.js'
import { allowsPort, coversRequest, deniesPort, parseHostList, type HostEntry, type HostList, type HostRule, type VisibleRequest } from './host-policy.ts'
import type { EgressIdentity } from './identity.ts'
import { formatTarget, type Target } from './target.ts'

/** How much the lists mean. Only `enforce` refuses what they do not name. */
export type EgressMode = 'learn' | 'report' | 'enforce'

/** Both lists of one owner, as they are written. */
export interface HostLists {
  allowedHosts: readonly HostEntry[]
  deniedHosts: readonly string[]
}

/** Everything that is said about who may go where. */
export interface RuleOptions extends HostLists {
  mode: EgressMode
  /** By agent id: more hosts, or fewer; `*` among the denied takes away all that is not the agent's own. */
  agents: Readonly<Record<string, HostLists>>
  /** By name of a skill, on top of its agent's. */
  skills: Readonly<Record<string, HostLists>>
}

interface Layer {
  allowed: HostList
  denied: HostList
  /** `*` among the denied: nothing of the layers below. */
  alone: boolean
}

/** The rules, read once. */
export interface EgressRules {
  readonly mode: EgressMode
  /** What holds for this identity, the most particular first. */
  layersFor(identity: EgressIdentity): readonly Layer[]
  /** Every layer there is: what anybody may reach at all. */
  readonly all: readonly Layer[]
}

/**
 * Reads all lists. `*` among the denied of everybody is the guide's "deny everything else" and always in force.
 * @throws HardshellError `egress.bad-host-rule` naming the setting
 */
export function parseRules({ mode, agents, skills, ...base }: RuleOptions): EgressRules {
  const bottom = layerOf(base, '')
  const ofAgents = new Map(Object.entries(agents).map(([id, lists]) => [id.toLowerCase(), layerOf(lists, `agents.${id}.`)]))
  const ofSkills = new Map(Object.entries(skills).map(([name, lists]) => [name.toLowerCase(), layerOf(lists, `skills.${name}.`)]))
  return {
    mode,
    all: [bottom, ...ofAgents.values(), ...ofSkills.values()],
    layersFor({ kind, agentId, skill }) {
      if (kind === 'gateway') return [bottom]
      if (kind === 'probe') return []
      const own = [skill === null ? undefined : ofSkills.get(skill), agentId === null ? undefined : ofAgents.get(agentId)]
      return [...own.filter((layer) => layer !== undefined), bottom]
    },
  }
}

function layerOf({ allowedHosts, deniedHosts }: HostLists, prefix: string): Layer {
  const named = deniedHosts.filter((text) => text.trim() !== '*')
  return {
    allowed: parseHostList(allowedHosts, `${prefix}allowed_hosts`),
    denied: parseHostList(named, `${prefix}denied_hosts`),
    alone: named.length < deniedHosts.length,
  }
}

/** What the lists say. `listOnly`: nothing but a missing entry refuses it, so a mode may let it pass. */
export interface ListVerdict {
  allow: boolean
  rule: string
  reason: string
  listOnly: boolean
  /** May anything flow, or only TLS and HTTP for the host? */
  protocol: 'web' | 'tcp'
}

/**
 * Is this target on the lists of this identity? Denied wins, whoever denies; what nobody listed is denied. Pure.
 * @param request what is visible of it; `later`: each request will be judged when it is; `never`: opaque for good
 */
export function judgeLists(target: Target, request: VisibleRequest | 'later' | 'never', layers: readonly Layer[]): ListVerdict {
  const at = formatTarget(target)
  for (const { denied } of layers) {
    const rule = denied.naming(target).find((one) => deniesPort(one, target.port))
    if (rule) return no('egress.denied-host', `${at} is denied by ${rule.setting} entry ${rule.text}`, false)
  }
  const naming = allowedNaming(target, layers)
  const onPort = naming.filter((rule) => allowsPort(rule, target.port))
  if (onPort.length === 0 && naming.length > 0) {
    return no('egress.port', `${target.host} is listed, port ${target.port} is not; add ${at} to ${naming[0]!.setting}`)
  }
  if (onPort.length === 0) return no('egress.not-listed', `${at} is not in ${settingsOf(layers)}`)
  return judgeVisible(at, request, onPort)
}

/** Who leads to a denied address is denied, whatever its name is. @param addresses what the name resolved to */
export function judgeDeniedAddresses(target: Target, addresses: readonly string[], layers: readonly Layer[]): ListVerdict | null {
  if (layers.every(({ denied }) => denied.rules.length === 0)) return null
  for (const address of addresses) {
    const there = { host: canonicalAddress(address), port: target.port, literal: true }
    for (const { denied } of layers) {
      const rule = denied.naming(there).find((one) => deniesPort(one, target.port))
      if (rule) return no('egress.denied-host', `${target.host} leads to ${address}, which is denied by ${rule.setting} entry ${rule.text}`, false)
    }
  }
  return null
}

/** ::ffff:1.2.3.4 is 1.2.3.4, and every IPv6 address is written one way. */
function canonicalAddress(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : address
}

/** An entry of a layer counts unless a more particular layer stands alone. */
function allowedNaming(target: Target, layers: readonly Layer[]): HostRule[] {
  const found: HostRule[] = []
  for (const { allowed, alone } of layers) {
    found.push(...allowed.naming(target))
    // The star of everybody's own list is at the bottom, where nothing is left to take away.
    if (alone) break
  }
  return found
}

function judgeVisible(at: string, request: VisibleRequest | 'later' | 'never', rules: readonly HostRule[]): ListVerdict {
  const free = rules.find(({ methods, paths }) => methods === null && paths === null)
  if (free) return yes(free, at)
  if (request === 'later') return yes(rules[0]!, at)
  if (request === 'never') return no('egress.unseen', `${at} is listed for some methods or paths only, and what flows in this tunnel cannot be seen`)
  let odd = false
  for (const rule of rules) {
    const covers = coversRequest(rule, request)
    if (covers === 'yes') return yes(rule, at)
    odd ||= covers === 'odd-path'
  }
  if (odd) return no('egress.odd-path', `${at} is listed for some paths only, and this path may lead out of them`, false)
  return no('egress.request', `${at} is listed, but not for this ${rules.some(({ methods }) => methods?.includes(request.method) ?? true) ? 'path' : `method (${request.method.slice(0, 20)})`}`)
}

function yes({ setting, text, protocol }: HostRule, at: string): ListVerdict {
  return { allow: true, rule: 'egress.allowed-host', reason: `${at} is allowed by ${setting} entry ${text}`, listOnly: false, protocol }
}

function no(rule: string, reason: string, listOnly = true): ListVerdict {
  return { allow: false, rule, reason, listOnly, protocol: 'web' }
}

function settingsOf(layers: readonly Layer[]): string {
  return layers.length > 1 ? 'allowed_hosts of this agent, of its skill or of all' : 'allowed_hosts'
}
