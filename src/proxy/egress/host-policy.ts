import { isIP } from 'node:net'
import { HardshellError } from '../../base/index.ts'
import { canonicalHost, type Target } from './target.ts'

/** An entry of a list of hosts as somebody writes it: a host alone, or with what may be done there. */
export type HostEntry =
  | string
  | { readonly host: string; readonly methods?: readonly string[] | undefined; readonly paths?: readonly string[] | undefined; readonly protocol?: 'web' | 'tcp' | undefined }

/** One entry, read. */
export interface HostRule {
  /** As the operator wrote it: it is named in refusals. */
  text: string
  /** The setting it stands in: `allowed_hosts`, `agents.main.allowed_hosts`. */
  setting: string
  /** Host in one spelling; for a wildcard the part after `*.`. */
  host: string
  /** `*.example.com`: every name below, never example.com itself. */
  wildcard: boolean
  /** `null`: the web's ports, 443 and 80; for a denial every port. */
  port: number | null
  /** `null`: any. Upper case. */
  methods: readonly string[] | null
  /** Beginnings of paths; `null`: any. */
  paths: readonly string[] | null
  /** `tcp`: anything may flow. `web`: TLS for the host, or HTTP for it. */
  protocol: 'web' | 'tcp'
}

/** Entries by the host they name, so that five hundred cost no more than five. */
export interface HostList {
  /** The rules that name this target, whatever their port. */
  naming(target: Pick<Target, 'host' | 'literal'>): readonly HostRule[]
  readonly rules: readonly HostRule[]
}

/** @throws HardshellError `egress.bad-host-rule` naming the setting */
export function parseHostList(entries: readonly HostEntry[], setting: string): HostList {
  const rules = entries.map((entry) => parseHostRule(entry, setting))
  const exact = Map.groupBy(rules.filter(({ wildcard }) => !wildcard), ({ host }) => host)
  const below = Map.groupBy(rules.filter(({ wildcard }) => wildcard), ({ host }) => host)
  return {
    rules,
    naming({ host, literal }) {
      const found = exact.get(host)
      // An address is only ever named by itself: `*.2.3.4` would otherwise match 1.2.3.4.
      if (literal || below.size === 0) return found ?? none
      const all = found ? [...found] : []
      for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) all.push(...(below.get(host.slice(dot + 1)) ?? none))
      return all
    },
  }
}

const none: readonly HostRule[] = []

/**
 * Reads `host`, `host:port`, `*.example.com`, `*.example.com:8443`, an address, `[v6]` or `[v6]:port`, alone or as
 * `host` of a map.
 * @throws HardshellError `egress.bad-host-rule` naming the setting; a bare `*` would allow everything and is refused
 */
export function parseHostRule(entry: HostEntry, setting = 'allowed_hosts'): HostRule {
  const { host: written, methods = null, paths = null, protocol = 'web' } = typeof entry === 'string' ? { host: entry } : entry
  const text = written.trim()
  const match = /^(\*\.)?(\[[0-9a-fA-F:.]+\]|[^\s:*/@]+)(?::([1-9]\d{0,4}))?$/.exec(text)
  const bareV6 = isIP(text) === 6 ? text : null
  const host = bareV6 === null ? (match ? canonicalHost(match[2]!) : null) : canonicalHost(bareV6)
  const wildcard = match?.[1] !== undefined
  const port = bareV6 || match?.[3] === undefined ? null : Number(match[3])
  if (host === null || (wildcard && isIP(host) !== 0) || (port ?? 1) > 65_535) {
    throw badRule(`${setting}: cannot read ${JSON.stringify(written)}`, 'write host, host:port, *.example.com or an address; schemes, paths and a lone * are not hosts')
  }
  if (protocol === 'tcp' && (port === null || methods !== null || paths !== null)) {
    throw badRule(`${setting}: ${text} with protocol tcp needs a port, and can have no methods or paths`, 'host: db.example.com:5432')
  }
  return { text, setting, host, wildcard, port, methods: methods && methods.map((method) => method.toUpperCase()), paths, protocol }
}

function badRule(message: string, hint: string): HardshellError {
  return new HardshellError('egress.bad-host-rule', message, { hint })
}

// OpenClaw asks for http:// URLs by CONNECT to port 80 too (seen with 2026.9.6), so both are "the web".
const webPorts: readonly number[] = [443, 80]

/** Does an entry of an allow list cover this port? */
export function allowsPort(rule: HostRule, port: number): boolean {
  return rule.port === null ? webPorts.includes(port) : rule.port === port
}

/** Does an entry of a deny list cover this port? */
export function deniesPort(rule: HostRule, port: number): boolean {
  return rule.port === null || rule.port === port
}

/** A request as far as it can be seen. */
export interface VisibleRequest {
  method: string
  /** Path with its query, as it goes to the origin. Attacker-controlled. */
  path: string
}

/** Does an entry with methods and paths cover this request? `odd-path`: nobody can say what the origin makes of it. */
export function coversRequest({ methods, paths }: HostRule, { method, path }: VisibleRequest): 'yes' | 'no' | 'odd-path' {
  if (methods !== null && !methods.includes(method)) return 'no'
  if (paths === null) return 'yes'
  const [bare = ''] = path.split('?')
  // Dots, slashes and backslashes an origin may read after undoing their encoding would walk out of the prefix.
  if (/(^|\/)\.{1,2}([^\w.-]|$)|\\|%(2e|2f|5c|25|00)/i.test(bare) || bare.includes('//')) return 'odd-path'
  return paths.some((prefix) => bare === prefix || bare.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`)) ? 'yes' : 'no'
}
