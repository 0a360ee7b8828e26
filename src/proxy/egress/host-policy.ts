import { isIP } from 'node:net'
import { HardshellError } from '../../base/index.ts'
import type { Decision } from '../../policy/index.ts'
import { canonicalHost, formatTarget, type Target } from './target.ts'

/** One line of `allowed_hosts` or `denied_hosts`, read. */
export interface HostRule {
  /** As the operator wrote it: it is named in refusals. */
  text: string
  /** Host in one spelling; for a wildcard the part after `*.`. */
  host: string
  /** `*.example.com`: every name below, never example.com itself. */
  wildcard: boolean
  /** `null`: the web's ports, 443 and 80; for a denial every port. */
  port: number | null
}

/** Both lists, read once. */
export interface HostPolicy {
  allowed: readonly HostRule[]
  denied: readonly HostRule[]
}

/**
 * Reads both lists as the guide writes them. `*` among the denied is the guide's "deny everything else" and always
 * in force, so it makes no rule.
 * @throws HardshellError `egress.bad-host-rule`
 */
export function parseHostPolicy(allowedHosts: readonly string[], deniedHosts: readonly string[]): HostPolicy {
  return {
    allowed: allowedHosts.map((text) => parseHostRule(text, 'allowed_hosts')),
    denied: deniedHosts.filter((text) => text.trim() !== '*').map((text) => parseHostRule(text, 'denied_hosts')),
  }
}

/**
 * Reads `host`, `host:port`, `*.example.com`, `*.example.com:8443`, an address, `[v6]` or `[v6]:port`.
 * @throws HardshellError `egress.bad-host-rule` naming the setting; a bare `*` would allow everything and is refused
 */
export function parseHostRule(text: string, setting = 'allowed_hosts'): HostRule {
  const match = /^(\*\.)?(\[[0-9a-fA-F:.]+\]|[^\s:*/@]+)(?::([1-9]\d{0,4}))?$/.exec(text.trim())
  const bareV6 = isIP(text.trim()) === 6 ? text.trim() : null
  const host = bareV6 ?? (match ? canonicalHost(match[2]!) : null)
  const wildcard = match?.[1] !== undefined
  const port = bareV6 || match?.[3] === undefined ? null : Number(match[3])
  if (host === null || (wildcard && isIP(host) !== 0) || (port ?? 1) > 65_535) {
    throw new HardshellError('egress.bad-host-rule', `${setting}: cannot read ${JSON.stringify(text)}`, {
      hint: 'write host, host:port, *.example.com or an address; schemes, paths and a lone * are not hosts',
    })
  }
  return { text: text.trim(), host: canonicalHost(host) ?? host, wildcard, port }
}

// OpenClaw asks for http:// URLs by CONNECT to port 80 too (seen with 2026.9.6), so both are "the web".
const webPorts: readonly number[] = [443, 80]

/** Is this target on the list? Denied wins; what nobody listed is denied. Pure. */
export function judgeHost(target: Target, policy: HostPolicy): Decision {
  const at = formatTarget(target)
  const denied = policy.denied.find((rule) => names(rule, target) && (rule.port ?? target.port) === target.port)
  if (denied)
    return { allow: false, rule: 'egress.denied-host', reason: `${at} is denied by denied_hosts entry ${denied.text}` }
  const naming = policy.allowed.filter((rule) => names(rule, target))
  const allowed = naming.find((rule) =>
    rule.port === null ? webPorts.includes(target.port) : rule.port === target.port,
  )
  if (allowed)
    return {
      allow: true,
      rule: 'egress.allowed-host',
      reason: `${at} is allowed by allowed_hosts entry ${allowed.text}`,
    }
  if (naming.length > 0) {
    return {
      allow: false,
      rule: 'egress.port',
      reason: `${target.host} is listed, port ${target.port} is not; add ${at} to allowed_hosts`,
    }
  }
  return { allow: false, rule: 'egress.not-listed', reason: `${at} is not in allowed_hosts` }
}

/** An address is only ever named by itself: `*.2.3.4` would otherwise match 1.2.3.4. */
function names(rule: HostRule, target: Target): boolean {
  if (!rule.wildcard) return rule.host === target.host
  return !target.literal && target.host.endsWith(`.${rule.host}`)
}
