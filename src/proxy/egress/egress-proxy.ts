import { isIP, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { AuditWriter, TurnWriter } from '../../auditlog/index.ts'
import type { Clock, Listen } from '../../base/index.ts'
import type { Act, Decision } from '../../policy/index.ts'
import { Sweep } from '../http1/sweep.ts'
import { createIdSource } from '../visit.ts'
import { createAccounts, type Account, type AccountOptions, type AccountStore } from './accounts.ts'
import { parsePrivateAllowance } from './addresses.ts'
import { createDoor } from './door.ts'
import { dialTcp } from './downstream.ts'
import type { EgressIdentity } from './identity.ts'
import type { EgressInspection } from './inspection.ts'
import { judge } from './judge.ts'
import { KnownAnswers } from './known-answers.ts'
import { createLookup } from './lookup.ts'
import { cutPassage, type Passage } from './passage.ts'
import { Passages } from './passages.ts'
import { parseRules, type EgressMode, type RuleOptions } from './rules.ts'
import { createShares, type ShareLimits } from './shares.ts'
import { privateName } from './special-names.ts'
import type { ConnectionLimits, Surroundings } from './surroundings.ts'
import { canonicalHost } from './target.ts'

/** Lists and limits of the egress proxy. */
export interface EgressOptions {
  rules: RuleOptions
  /** CIDRs, addresses and names that may be private. Empty: none. */
  allowPrivate: readonly string[]
  /** Let a ClientHello pass that hides its server name. */
  dangerouslyAllowEch: boolean
  /** Is a connection without a credential the gateway's, or nobody's? */
  unidentified: 'gateway' | 'refuse'
  limits: ConnectionLimits
  /** Of all together. */
  maxConnections: number
  shareFor(identity: EgressIdentity): ShareLimits
  accounts: AccountOptions
}

/** Whom the proxy asks, and where it writes. */
export interface EgressPorts {
  audit: TurnWriter
  clock: Clock
  /** Kill switch and proof gate: asked before the lists are. */
  decide(act: Extract<Act, { kind: 'connect' }>): Decision
  /** Whose credential this is. Default: nobody has one. */
  authenticate?(name: string, token: string): EgressIdentity | null
  /** All addresses of a name. Default: the system's resolver. */
  resolve?(host: string): Promise<string[]>
  /** Opens a connection to a judged address. Default: TCP. */
  connect?(address: string, port: number): Socket
  /** Looks inside TLS for chosen hosts. Default: nobody does. */
  inspection?: EgressInspection
  /** Where accounts survive a restart. Default: nowhere. */
  accounts?: AccountStore
}

/** What is open right now. */
export interface EgressConnection {
  visit: string
  peer: string
  /** Name of the identity. */
  who: string
  agentId: string | null
  host: string
  port: number
  bytesIn: number
  bytesOut: number
}

/** The running proxy. */
export interface EgressProxy {
  /** @throws HardshellError `egress.listen-failed` */
  listen(at: Listen): Promise<Listen>
  active(): EgressConnection[]
  /** Who talked to which host, and who tried. */
  accounts(): Account[]
  mode(): EgressMode
  /** Destroys every open connection that matches; each leaves its closing entry. @returns how many */
  cut(match: (connection: EgressConnection) => boolean, reason: string): number
  /**
   * Puts new lists in force and cuts what they no longer allow. All or nothing.
   * @throws HardshellError `egress.bad-host-rule`
   */
  setRules(rules: RuleOptions): void
  /** May anybody at all ask for this name, on whatever port? For a resolver that answers nothing else. Pure. */
  mayAskFor(name: string): Decision
  /** Cuts everything and stops listening. Idempotent. */
  close(): Promise<void>
}

/** @throws HardshellError `egress.bad-host-rule` */
export function createEgressProxy(options: EgressOptions, ports: EgressPorts): EgressProxy {
  const around = surroundingsOf(options, ports)
  const door = createDoor(options.maxConnections, around)
  const cut: EgressProxy['cut'] = (match, reason) => {
    const matching = around.open.filter((passage) => match(describe(passage)))
    for (const passage of matching) cutPassage(passage, reason)
    return matching.length
  }
  let closing: Promise<void> | null = null
  const close = async (): Promise<void> => {
    const closed = door.close()
    cut(() => true, 'the egress proxy is stopping')
    await closed
    await Promise.race([around.open.whenEmpty(), setTimeout(closingMs)])
    around.accounts.stop()
  }
  tellMode(around, ports.audit)
  return {
    listen: (at) => door.listen(at),
    active: () => around.open.list().map(describe),
    accounts: () => around.accounts.list(),
    mode: () => around.rules.mode,
    cut,
    setRules(rules) {
      around.rules = parseRules(rules)
      around.answers.forget()
      tellMode(around, ports.audit)
      for (const passage of around.open.list()) if (passage.host !== '' && !stillAllowed(passage, around)) cutPassage(passage, 'the host lists changed and no longer allow it')
    },
    mayAskFor: (name) => judgeName(name, around),
    close: () => (closing ??= close()),
  }
}

// Closing entries are worth a moment; a hanging resolver or log is not.
const closingMs = 1500

function surroundingsOf(options: EgressOptions, ports: EgressPorts): Surroundings {
  const { audit, clock } = ports
  return {
    rules: parseRules(options.rules),
    allowance: parsePrivateAllowance(options.allowPrivate),
    allowEch: options.dangerouslyAllowEch,
    unidentified: options.unidentified,
    limits: options.limits,
    shares: createShares(options.shareFor, clock),
    accounts: createAccounts(options.accounts, { clock, audit, ...(ports.accounts && { store: ports.accounts }) }),
    open: new Passages(),
    answers: new KnownAnswers(),
    sweep: new Sweep(clock),
    newId: createIdSource(),
    ports: {
      audit,
      clock,
      decide: (act) => ports.decide(act),
      authenticate: (name, token) => ports.authenticate?.(name, token) ?? null,
      resolve: ports.resolve ?? createLookup(clock),
      dial: dialBy(ports.connect),
      inspection: ports.inspection ?? null,
    },
  }
}

function dialBy(connect: EgressPorts['connect']): Surroundings['ports']['dial'] {
  return connect ? (address, port) => ({ socket: connect(address, port), downstream: null }) : dialTcp
}

function describe({ visit, identity, host, port, bytesIn, bytesOut }: Passage): EgressConnection {
  return { visit: visit.id, peer: visit.peer, who: identity.name, agentId: identity.agentId, host, port, bytesIn, bytesOut }
}

/** A list that refuses nothing is no control: nobody may find out by chance. */
function tellMode({ rules: { mode } }: Surroundings, audit: AuditWriter): void {
  if (mode === 'enforce') return
  const reason = `egress.mode is ${mode}: hosts nobody allowed are reached, and only noted; denied hosts and private addresses are refused`
  audit.note({ event_type: 'alert', severity: 'high', rule: 'egress.not-enforced', reason })
}

function stillAllowed({ identity, host, port }: Passage, { rules, allowance }: Surroundings): boolean {
  const target = { host, port, literal: isIP(host) !== 0 }
  return judge({ identity, target, request: 'later' }, rules, allowance, open).verdict.allow
}

const open: Decision = { allow: true, rule: 'default.allow', reason: '' }

function judgeName(name: string, { rules, allowance }: Surroundings): Decision {
  const host = canonicalHost(name)
  if (host === null || isIP(host) !== 0) return { allow: false, rule: 'egress.bad-target', reason: 'this is no name that could be looked up' }
  const target = { host, port: 0, literal: false }
  const inside = allowance.names.has(host) ? null : privateName(host)
  // What everybody's list denies on all ports. What one agent's list denies, others may still need.
  const denied = rules.all[0]!.denied.naming(target).some(({ port }) => port === null)
  if (denied) return { allow: false, rule: 'egress.denied-host', reason: `${host} is denied by denied_hosts` }
  const listed = rules.all.some(({ allowed }) => allowed.naming(target).length > 0)
  if (inside !== null && (listed || rules.mode !== 'enforce')) return { allow: false, rule: 'egress.private-name', reason: `${host} is refused, listed or not: ${inside}` }
  if (listed) return { allow: true, rule: 'egress.allowed-host', reason: `${host} is in a list of allowed hosts` }
  if (rules.mode !== 'enforce') return { allow: true, rule: rules.mode === 'learn' ? 'egress.learned' : 'egress.reported', reason: `${host} is in no list of allowed hosts, and egress.mode is ${rules.mode}` }
  return { allow: false, rule: 'egress.not-listed', reason: `${host} is in no list of allowed hosts` }
}
