import { numberAt, textAt } from './config-values.ts'
import type { Severity } from './check.ts'
import type { ConfigFacts } from './facts/config.ts'

type Config = Pick<ConfigFacts, 'value'>

/** Where the gateway listens. Words nobody knows, such as `all`, count as beyond loopback: so OpenClaw's audit has it. */
export function bindOf(config: Config): string {
  return textAt(config, 'gateway.bind') ?? 'loopback' // OpenClaw's own default
}

/** Others than this machine reach the port itself. */
export function listensBeyondLoopback(config: Config): boolean {
  return bindOf(config) !== 'loopback'
}

/** Others reach it, if through Tailscale only. */
export function isReachable(config: Config): boolean {
  const tailscale = textAt(config, 'gateway.tailscale.mode')
  return listensBeyondLoopback(config) || tailscale === 'serve' || tailscale === 'funnel'
}

/** What is a weakness on this machine alone is an open door where others reach it. */
export function severityWhenReachable(open: Severity, local: Severity): (config: Config) => Severity {
  return (config) => (isReachable(config) ? open : local)
}

/** The pages of this machine itself: what a list of origins holds before anybody knows better. */
export function ownOrigins(config: Config): string[] {
  const port = numberAt(config, 'gateway.port') ?? 18_789 // OpenClaw's own default
  return [`http://localhost:${port}`, `http://127.0.0.1:${port}`]
}
