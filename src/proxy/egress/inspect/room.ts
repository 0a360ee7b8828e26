import type { Secret } from '../../../base/index.ts'
import type { Target } from '../target.ts'
import { parseHostRule, type HostRule } from '../host-policy.ts'
import type { Leaves } from './leaves.ts'
import type { InspectionOptions, InspectionPorts } from './ports.ts'
import { sentinelOf, type Sentinel } from './sentinel.ts'
import type { InspectSetting } from './settings.ts'

/** What all inspected tunnels have around them. */
export interface Room {
  readonly options: Required<InspectionOptions>
  readonly ports: InspectionPorts
  readonly rules: readonly InspectRule[]
  /** Of all hosts: one that is bound to another is known by name. */
  readonly sentinels: readonly Sentinel[]
  readonly leaves: Leaves
  /** Bytes of bodies held now. */
  heldBytes: number
}

/** One entry of `egress.inspect`, read. */
export interface InspectRule extends Omit<InspectSetting, 'host' | 'credentials'> {
  readonly host: HostRule
  readonly credentials: readonly Sentinel[]
}

export function readRules(settings: readonly InspectSetting[], key: Secret): InspectRule[] {
  return settings.map(({ host, credentials, ...rest }) => ({
    ...rest,
    host: parseHostRule(host, 'inspect'),
    credentials: credentials.map(({ secret, header }) => sentinelOf(key, { host, header, secret })),
  }))
}

/** The rule for a target: one that names the host itself before one with a star. */
export function ruleFor(rules: readonly InspectRule[], { host, port, literal }: Target): InspectRule | null {
  if (literal) return null
  const naming = rules.filter(({ host: rule }) => (rule.port ?? 443) === port && (rule.wildcard ? host.endsWith(`.${rule.host}`) : host === rule.host))
  return naming.find(({ host: rule }) => !rule.wildcard) ?? longest(naming)
}

function longest(rules: readonly InspectRule[]): InspectRule | null {
  return rules.toSorted((a, b) => b.host.host.length - a.host.host.length)[0] ?? null
}
