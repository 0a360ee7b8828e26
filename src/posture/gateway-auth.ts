import { textAt, valueOf } from './config-values.ts'
import type { ConfigFacts } from './facts/config.ts'
import type { EnvironmentFacts } from './facts/environment.ts'
import { secretReference } from './secret-reference.ts'

type Config = Pick<ConfigFacts, 'value'>

/** A shared secret of the gateway: what stands there, or that it stands elsewhere. */
export type Credential = { kind: 'absent' } | { kind: 'value'; value: string } | { kind: 'elsewhere' }

export interface GatewayAuth {
  mode: 'none' | 'token' | 'password' | 'trusted-proxy'
  token: Credential
  password: Credential
}

/** Who the gateway lets in, as it works it out itself: the setting, the environment, the setting for remote clients. */
export function gatewayAuth(config: Config, environment: Pick<EnvironmentFacts, 'places'>): GatewayAuth {
  const token = credential(config, environment, { name: 'token', variable: 'OPENCLAW_GATEWAY_TOKEN' })
  const password = credential(config, environment, { name: 'password', variable: 'OPENCLAW_GATEWAY_PASSWORD' })
  const said = textAt(config, 'gateway.auth.mode')
  const mode = said === 'none' || said === 'token' || said === 'password' || said === 'trusted-proxy' ? said : undefined
  return { mode: mode ?? (token.kind === 'absent' && password.kind !== 'absent' ? 'password' : 'token'), token, password }
}

/** True when nobody comes in without proving something. */
export function isGuarded({ mode, token, password }: GatewayAuth): boolean {
  if (mode === 'none') return false
  return mode === 'trusted-proxy' || (mode === 'token' ? token : password).kind !== 'absent'
}

/** The secret as it stands in the configuration; `null` when it is absent or stands elsewhere. */
export function literalAt(config: Config, path: string): string | null {
  const value = valueOf(config, path)
  return typeof value === 'string' && !secretReference(value) ? value : null
}

function credential(config: Config, { places }: Pick<EnvironmentFacts, 'places'>, { name, variable }: { name: string; variable: string }): Credential {
  for (const path of [`gateway.auth.${name}`, `gateway.remote.${name}`]) {
    const value = valueOf(config, path)
    if (secretReference(value)) return { kind: 'elsewhere' }
    if (typeof value === 'string' && value.trim() !== '') return { kind: 'value', value: value.trim() }
    if (path.startsWith('gateway.auth') && places[variable] !== undefined) return { kind: 'elsewhere' }
  }
  return { kind: 'absent' }
}
