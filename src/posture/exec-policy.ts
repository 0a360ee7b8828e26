import { scopesOf, toolSetting, type Scope } from './agent-scopes.ts'
import type { ConfigFacts } from './facts/config.ts'
import { sandboxMode } from './sandbox-mode.ts'
import { deepValue } from './setting-change.ts'

type Config = Pick<ConfigFacts, 'value'>

export interface ExecPolicy {
  security: 'deny' | 'allowlist' | 'full'
  ask: 'off' | 'on-miss' | 'always'
  host: string
  /** Whether the file says something about it; otherwise these are OpenClaw's defaults. */
  written: boolean
}

const modes: Readonly<Record<string, Pick<ExecPolicy, 'security' | 'ask'>>> = {
  deny: { security: 'deny', ask: 'off' },
  allowlist: { security: 'allowlist', ask: 'off' },
  ask: { security: 'allowlist', ask: 'on-miss' },
  auto: { security: 'allowlist', ask: 'on-miss' },
  full: { security: 'full', ask: 'off' },
}

/**
 * How far the shell tool of an agent goes. `mode` counts before `security` and `ask`, an agent's own word before the one
 * for all; nothing said is everything, unasked (docs, tools/exec-approvals).
 */
export function execPolicy(config: Config, scope: Scope): ExecPolicy {
  const all = policyAt(config, ['tools', 'exec'], { security: 'full', ask: 'off' })
  const own = scope.agent === null ? all : policyAt(config, [...scope.tools, 'exec'], all)
  const host = toolSetting(config, scope, 'exec.host').value
  return { ...own, written: own.written || all.written, host: typeof host === 'string' ? host : 'auto' }
}

/** Scopes with their policies. */
export function execPolicies(config: Config): readonly (readonly [Scope, ExecPolicy])[] {
  return scopesOf(config).map((scope) => [scope, execPolicy(config, scope)])
}

/** Whether every command of a scope runs in a sandbox: `exec.host` can send it out again. */
export function commandsAreKept(config: Config, scope: Scope): boolean {
  const host = toolSetting(config, scope, 'exec.host').value
  return sandboxMode(config, scope).mode === 'all' && host !== 'gateway' && host !== 'node'
}

function policyAt(config: Config, at: readonly string[], inherited: Pick<ExecPolicy, 'security' | 'ask'>): Omit<ExecPolicy, 'host'> {
  const mode = deepValue(config.value, [...at, 'mode'])
  if (typeof mode === 'string' && Object.hasOwn(modes, mode)) return { ...modes[mode]!, written: true }
  const security = deepValue(config.value, [...at, 'security'])
  const ask = deepValue(config.value, [...at, 'ask'])
  return {
    security: security === 'deny' || security === 'allowlist' || security === 'full' ? security : inherited.security,
    ask: ask === 'off' || ask === 'on-miss' || ask === 'always' ? ask : inherited.ask,
    written: security !== undefined || ask !== undefined,
  }
}
