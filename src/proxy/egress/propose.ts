import { isIP } from 'node:net'
import type { Entry } from '../../auditlog/index.ts'
import { allowsPort, parseHostRule, type HostRule } from './host-policy.ts'
import { gatewayIdentity, identityNamed, type EgressIdentity } from './identity.ts'
import { parseRules, type RuleOptions } from './rules.ts'
import { formatTarget, parseAuthority } from './target.ts'

/** What was used, and by whom: the evidence for one entry of a list. */
export interface Used {
  who: EgressIdentity
  host: string
  port: number
  times: number
  bytesUp: number
  bytesDown: number
  /** ISO 8601. */
  firstAt: string
  lastAt: string
}

export interface Proposal {
  used: Used[]
  /** Entries of the lists that nothing was seen to use. */
  unused: string[]
  /** `egress` of network.yaml, with the evidence beside each entry. */
  yaml: string
}

/**
 * The smallest policy that lets pass what was let pass: one entry per host, for everybody where the gateway or several
 * used it, else for the one agent or skill that did. What was refused is not in it.
 * @param entries of type `egress_request`, in order
 * @param now the rules in force; what nothing used is named
 */
export async function proposePolicy(entries: AsyncIterable<Entry> | Iterable<Entry>, now: RuleOptions): Promise<Proposal> {
  const used = new Map<string, Used>()
  for await (const entry of entries) count(used, entry)
  const all = [...used.values()].sort((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : a.port - b.port))
  return { used: all, unused: unusedOf(all, now), yaml: yamlOf(all, now) }
}

/** A passage leaves a decision and an outcome; the outcome has the bytes, and is counted. */
function count(used: Map<string, Used>, entry: Entry): void {
  if (entry.event_type !== 'egress_request' || entry.duration_ms === undefined || entry.decision !== 'allow') return
  const target = parseAuthority(entry.target ?? '')
  const who = identityNamed(entry.user ?? '')
  if (target === null || who === null || who.kind === 'probe') return
  const key = `${who.name} ${entry.target}`
  const one = used.get(key) ?? { who, host: target.host, port: target.port, times: 0, bytesUp: 0, bytesDown: 0, firstAt: entry.timestamp, lastAt: entry.timestamp }
  used.set(key, { ...one, times: one.times + 1, bytesUp: one.bytesUp + (entry.bytes_in ?? 0), bytesDown: one.bytesDown + (entry.bytes_out ?? 0), lastAt: entry.timestamp })
}

/** Where an entry belongs: the gateway's and what two share is everybody's. */
function ownerOf(uses: readonly Used[]): EgressIdentity {
  const [first] = uses
  return uses.length === 1 && first !== undefined ? first.who : gatewayIdentity
}

function yamlOf(all: readonly Used[], now: RuleOptions): string {
  // 443 and 80 are one entry: a host without a port means both.
  const byEntry = Map.groupBy(all, (one) => (isWeb(one.port) ? one.host : formatTarget({ host: one.host, port: one.port, literal: false })))
  const owners = Map.groupBy([...byEntry], ([, uses]) => ownerOf(distinctWho(uses)).name)
  const written = writtenBy(now)
  const lines = ['# In place of these settings of network.yaml; what is not here stays as it is.', 'egress:', '  mode: enforce', ...list(owners.get(gatewayIdentity.name) ?? [], written, '  '), ...deniedLines(now.deniedHosts, '  ')]
  for (const [kind, setting] of [['agent', 'agents'], ['skill', 'skills']] as const) {
    const sections = sectionsOf(owners, kind)
    const present = now[setting]
    // One that used nothing keeps its section: without it, it would have what everybody has.
    const own = new Map(Object.entries(present))
    // `Main` in the settings is the agent main of the log: two sections would be one with half of what was said.
    const known = new Set([...own.keys()].map((name) => name.toLowerCase()))
    const names = [...own.keys(), ...[...sections.keys()].filter((name) => !known.has(name))]
    if (names.length > 0) lines.push(`  ${setting}:`)
    for (const name of names) {
      const before = own.get(name)
      lines.push(`    ${JSON.stringify(name)}:`, ...list(sections.get(name.toLowerCase()) ?? [], written, '      '), ...(before ? deniedLines(before.deniedHosts, '      ') : []))
    }
  }
  return `${lines.join('\n')}\n`
}

type Listed = [string, Used[]]

/** Two agents may share a skill: its list is the skill's. */
function sectionsOf(owners: ReadonlyMap<string, Listed[]>, kind: 'agent' | 'skill'): Map<string, Listed[]> {
  const sections = new Map<string, Listed[]>()
  for (const [name, entries] of owners) {
    const who = identityNamed(name)
    if (who?.kind !== kind) continue
    const section = kind === 'agent' ? who.agentId! : who.skill!
    sections.set(section, [...(sections.get(section) ?? []), ...entries])
  }
  return sections
}

/** One entry of the lists with what was said of it there: methods, paths and the protocol stay. */
function list(entries: readonly Listed[], written: Written, indent: string): string[] {
  if (entries.length === 0) return [`${indent}allowed_hosts: []`]
  return [
    `${indent}allowed_hosts:`,
    ...entries.flatMap(([host, uses]) => [
      ...uses.map((use) => `${indent}  # ${evidence(use)}`),
      ...entriesFor(host, uses, written).flatMap((lines) => lines.map((line, index) => `${indent}  ${index === 0 ? '- ' : '  '}${line}`)),
    ]),
  ]
}

type Written = (use: Used) => readonly HostRule[]

/** What let a use pass, as it is written now; none where only the mode did. */
function writtenBy(now: RuleOptions): Written {
  const rules = parseRules(now)
  return ({ who, host, port }) =>
    rules
      .layersFor(who)
      .flatMap(({ allowed }) => allowed.naming({ host, literal: isIP(host) !== 0 }))
      .filter((rule) => allowsPort(rule, port))
}

/** Never wider than what let it pass: methods, paths, protocol and a port that was written out stay. */
function entriesFor(host: string, uses: readonly Used[], written: Written): string[][] {
  const rules = uses.map(written)
  const limited = [...new Set(rules.flat())].filter(isLimited)
  // Where somebody passed without a limit, the entry has none.
  if (limited.length === 0 || rules.some((some) => some.length === 0 || some.some((rule) => !isLimited(rule)))) return [[JSON.stringify(host)]]
  return limited.map(({ methods, paths, protocol, port }) => [
    `host: ${JSON.stringify(port !== null && isWeb(port) ? formatTarget({ host, port, literal: false }) : host)}`,
    ...(methods ? [`methods: ${JSON.stringify(methods)}`] : []),
    ...(paths ? [`paths: ${JSON.stringify(paths)}`] : []),
    ...(protocol === 'tcp' ? ['protocol: tcp'] : []),
  ])
}

function isLimited({ methods, paths, protocol }: HostRule): boolean {
  return methods !== null || paths !== null || protocol === 'tcp'
}

function deniedLines(denied: readonly string[], indent: string): string[] {
  return [`${indent}denied_hosts: ${JSON.stringify(denied)}`]
}

function evidence({ who, port, times, bytesUp, bytesDown, firstAt, lastAt }: Used): string {
  return `${who.name}, port ${port}: ${times} ${times === 1 ? 'time' : 'times'} from ${firstAt} to ${lastAt}, ${bytesUp} bytes up, ${bytesDown} down`
}

function unusedOf(all: readonly Used[], now: RuleOptions): string[] {
  const lists = [now.allowedHosts, ...Object.values(now.agents).map(({ allowedHosts }) => allowedHosts), ...Object.values(now.skills).map(({ allowedHosts }) => allowedHosts)]
  const rules = lists.flat().map((entry) => parseHostRule(entry))
  const isUsed = (rule: (typeof rules)[number]): boolean =>
    all.some(({ host, port }) => (rule.wildcard ? host.endsWith(`.${rule.host}`) : host === rule.host) && (rule.port === null ? isWeb(port) : rule.port === port))
  return rules.filter((rule) => !isUsed(rule)).map(({ text }) => text)
}

function distinctWho(uses: readonly Used[]): Used[] {
  return [...new Map(uses.map((use) => [use.who.name, use])).values()]
}

function isWeb(port: number): boolean {
  return port === 443 || port === 80
}
