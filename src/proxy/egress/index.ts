/**
 * The only way out. A forward proxy (CONNECT and absolute-form HTTP) in front of everything OpenClaw, its children
 * and its tools want from the network.
 *
 * It promises: nobody gets out who is not on the list, and whose list it is comes from a credential; the proxy resolves
 * names itself, refuses when any address is not public, and connects to the very address it judged; what flows through
 * a tunnel is TLS for the host that was asked for, or HTTP for it, unless the operator wrote `protocol: tcp`; the
 * decision is with the log before a connection is made, and on the disk before a byte passes it; who talked to whom is
 * counted.
 *
 * It cannot see inside TLS unless it is told to inspect it: a listed host that serves other people's sites (a CDN) can
 * be fronted. In the modes `learn` and `report` it refuses no host for not being listed.
 */
export { createEgressProxy } from './egress-proxy.ts'
export { judgeAddresses, parsePrivateAllowance } from './addresses.ts'
export { createEgressCredentials, type EgressCredentials } from './credentials.ts'
export { gatewayIdentity, identityOf, probeIdentity, type EgressIdentity } from './identity.ts'
export { parseHostRule, type HostEntry, type HostRule } from './host-policy.ts'
export { parseRules, type EgressMode, type HostLists, type RuleOptions } from './rules.ts'
export { privateName } from './special-names.ts'
export { formatTarget, parseAuthority, type Target } from './target.ts'
export { migrations as egressMigrations, sqliteAccounts } from './account-store.ts'
export { createCheck, type CheckAnswer, type CheckOptions } from './check.ts'
export { cutOff, installationNeeds, type Need } from './needs.ts'
export { proposePolicy, type Proposal } from './propose.ts'
export { errors as egressErrors } from './errors.ts'
export type { Account } from './accounts.ts'
export type { EgressInspection, InspectedTunnel } from './inspection.ts'
export type { Verdict as EgressVerdict } from './passage.ts'
export type { EgressConnection, EgressOptions, EgressPorts, EgressProxy } from './egress-proxy.ts'
export { openInspection, readAuthority, type InspectContent, type Inspection, type InspectionPorts, type InspectSetting } from './inspect/index.ts'
