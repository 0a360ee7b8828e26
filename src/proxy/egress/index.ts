/**
 * The only way out. A forward proxy (CONNECT and absolute-form HTTP) in front of everything OpenClaw, its children
 * and its tools want from the network.
 *
 * It promises: nobody gets out who is not on the list; the proxy resolves names itself, refuses when any address
 * is not public, and connects to the very address it judged; what flows through a tunnel to 443 is TLS for the host
 * that was asked for, through one to 80 HTTP for it; the decision is on disk before the first packet leaves.
 *
 * It cannot see inside TLS: a listed host that serves other people's sites (a CDN) can be fronted.
 */
export { createEgressProxy } from './egress-proxy.ts'
export { parseHostRule, judgeHost, type HostPolicy, type HostRule } from './host-policy.ts'
export { parseAuthority, type Target } from './target.ts'
export { errors as egressErrors } from './errors.ts'
export type { EgressConnection, EgressOptions, EgressPorts, EgressProxy } from './egress-proxy.ts'
