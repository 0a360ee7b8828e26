import type { AuditSink } from '../auditlog/index.ts'
import { systemClock, type Listen, type OutboundTls } from '../base/index.ts'
import type { Config } from '../config/index.ts'
import { systemResolvers } from '../host/index.ts'
import { decide, type PolicyFacts } from '../policy/index.ts'
import { createDnsFilter, type DnsFilter, type DnsOptions, type DnsPorts } from '../proxy/dns/index.ts'
import type { ApprovedNames } from './approved-names.ts'
import { isolationNow } from './isolation.ts'
import type { StatePaths } from './paths.ts'

/** What the filter of a guard stands on. */
export interface GuardDns {
  config: Config
  /** By the lists of the way out, as they are when a question comes. */
  names: ApprovedNames
  log: AuditSink
  tls: OutboundTls
  runningNonces(): readonly string[]
  facts(agentId: string | null, isProbe: boolean): PolicyFacts
  /** `null`: whoever is on this machine may ask. */
  isStranger: DnsPorts['isStranger'] | null
}

/** The names a proof of the DNS filter asks for: one nobody approved, one that is approved while the proof runs. */
export function probeNames(nonce: string): { forbidden: string; control: string } {
  return { forbidden: `${nonce}.hardshell-probe.invalid`, control: `${nonce}.control.hardshell-probe.invalid` }
}

/** The DNS filter by the settings, or `null` when it is switched off. */
export function openDns({ config, names, log, tls, runningNonces, facts, isStranger }: GuardDns): DnsFilter | null {
  if (!config.dns.enabled) return null
  const resolvers = systemResolvers()
  const probes = (which: 'forbidden' | 'control', name: string): boolean => runningNonces().some((nonce) => probeNames(nonce)[which] === name)
  return createDnsFilter(dnsOptions(config), {
    audit: log,
    clock: systemClock,
    tls,
    servers: () => (config.dns.servers.length > 0 ? config.dns.servers : resolvers.servers()),
    isApproved: (name) => (probes('control', name) ? { rule: 'proof.control', reason: 'a proof shows that approved names pass', scope: 'host' } : probes('forbidden', name) ? null : names.isApproved(name)),
    deniedBy: (name) => names.deniedBy(name),
    mayLeadTo: (name, address) => names.mayLeadTo(name, address),
    closedBy(name) {
      const { allow, rule, reason } = decide({ kind: 'connect', host: name, port: 53, agentId: null }, facts(null, probes('control', name)))
      return allow ? null : { rule, reason }
    },
    ...(isStranger ? { isStranger } : {}),
    isProbe: (name) => probes('control', name) || probes('forbidden', name),
  })
}

// TEST-NET-1 (RFC 5737): nobody is there, so whoever answers stands in between.
const nobodysResolver: Listen = { host: '192.0.2.53', port: 53 }

/** Where the gateway's user meets the filter, which depends on how the kernel confines it right now. */
export function dnsDoor(paths: StatePaths, at: { dns: Listen }): { listen(): Listen; elsewhere(): Listen | null } {
  const mode = (): string => isolationNow(paths)?.mode ?? 'off'
  return {
    // In a network of its own there is nothing but a door on the port resolvers ask.
    listen: () => (mode() === 'namespace' ? { host: '127.0.0.1', port: 53 } : at.dns),
    elsewhere: () => (mode() === 'nftables' ? nobodysResolver : null),
  }
}

/** Limits and manners by the settings. */
export function dnsOptions({ dns, egress }: Config): DnsOptions {
  return {
    beyondLoopback: dns.dangerously_listen_beyond_loopback,
    refuseWith: dns.refuse_with,
    recordTypes: dns.record_types,
    minTtlMs: dns.min_ttl,
    maxTtlMs: dns.max_ttl,
    cacheEntries: dns.cache_entries,
    queriesPerSecond: dns.queries_per_second,
    blockTunnels: dns.tunnelling === 'block',
    overHttps: egress.dns_over_https ? dns.https_servers : null,
  }
}
