import { sandboxSetting, type Decided, type Scope } from './agent-scopes.ts'
import type { ConfigFacts } from './facts/config.ts'

export type SandboxMode = 'off' | 'non-main' | 'all'

/** Which sessions of an agent run in a sandbox. OpenClaw's default is none (docs, gateway/sandboxing). */
export function sandboxMode(config: Pick<ConfigFacts, 'value'>, scope: Scope): Decided & { mode: SandboxMode } {
  const decided = sandboxSetting(config, scope, 'mode')
  return { ...decided, mode: decided.value === 'all' || decided.value === 'non-main' ? decided.value : 'off' }
}
