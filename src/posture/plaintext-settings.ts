import { isRecord } from '../base/index.ts'
import { findSecrets } from '../content/secrets/index.ts'
import { looksLikeCredential, strengthOf } from '../secrets/index.ts'
import { valueAt } from '../openclaw/index.ts'
import type { Change } from './change.ts'
import type { ConfigFacts } from './facts/config.ts'
import type { EnvironmentFacts } from './facts/environment.ts'
import { isSecretReference } from './secret-reference.ts'

/** A secret that stands in the configuration itself. */
export interface PlaintextSetting {
  at: readonly string[]
  /** What kind it is, by its shape or its name; never the value. */
  what: string
}

/** Secrets written into settings, without those of the gateway's own doors, which have checks of their own. Pure. */
export function plaintextSettings(config: Pick<ConfigFacts, 'value'>): PlaintextSetting[] {
  return below(config.value, []).filter(({ at }) => !ownDoors.has(at.join('.')))
}

/**
 * Puts a secret into OpenClaw's `.env` and its name into the setting: OpenClaw fills `${NAME}` in when it reads the
 * file. Nothing where that cannot be: no state folder, a place inside a list, or a value a line cannot hold.
 */
export function intoEnvironment(facts: { config: ConfigFacts; environment: EnvironmentFacts }, settings: readonly PlaintextSetting[]): Change[] {
  const { config, environment } = facts
  const { file } = environment
  if (file === null || !config.editable) return []
  const taken = new Set([...Object.keys(environment.places), ...environment.lines.map(({ name }) => name)])
  return settings.flatMap(({ at }): Change[] => {
    const value = valueAt(config.value, at)
    if (typeof value !== 'string' || !/^[\x21\x23-\x26\x28-\x5b\x5d-\x7e]+$/.test(value)) return []
    const name = freeName(at, taken)
    taken.add(name)
    return [
      { kind: 'line', path: file, key: name, separator: '=', from: null, to: value, mode: 0o600 },
      { kind: 'setting', at, from: value, to: `\${${name}}` },
    ]
  })
}

/** `models.providers.openai.apiKey` → `OPENCLAW_OPENAI_API_KEY`. */
function freeName(at: readonly string[], taken: ReadonlySet<string>): string {
  const words = at.filter((key) => !['models', 'providers', 'channels', 'plugins', 'entries', 'config', 'env', 'vars'].includes(key) && !/^\d+$/.test(key))
  const base = `OPENCLAW_${words.join('_').replaceAll(/([a-z])([A-Z])/g, '$1_$2').replaceAll(/\W+/g, '_')}`.toUpperCase()
  for (let i = 1; ; i++) {
    const name = i === 1 ? base : `${base}_${i}`
    if (!taken.has(name)) return name
  }
}

const ownDoors = new Set(['gateway.auth.token', 'gateway.auth.password', 'gateway.remote.token', 'gateway.remote.password', 'hooks.token'])

const secretName = /(?:api_?key|(?:auth|access|bot|app|user|refresh|webhook|verification|push|bearer)_?token|^token|secret|password|passphrase|private_?key|encrypt_?key|signing_?key|authorization|nkey)$/i
// Settings whose names only sound like it: `tokenFile`, `secretRef`, `publicKey`.
const notSecret = /(?:file|path|ref|dir|header|env|command|public_?key)$/i
// Virtual keys of the guard open nothing but the guard.
const guards = /^hs_(?:vk|tok)_/
// Shorter ones are stand-ins for local providers that want some text: `ollama`, `local`.
const minChars = 16
const maxDepth = 60

function below(value: unknown, at: readonly string[]): PlaintextSetting[] {
  if (at.length > maxDepth) return []
  if (Array.isArray(value)) return value.flatMap((item, i) => below(item, [...at, String(i)]))
  if (isRecord(value)) return Object.entries(value).flatMap(([key, inner]) => below(inner, [...at, key]))
  const what = typeof value === 'string' ? kindOf(value, at) : null
  return what === null ? [] : [{ at, what }]
}

function kindOf(value: string, at: readonly string[]): string | null {
  if (value.length < minChars || isSecretReference(value) || guards.test(value)) return null
  const shape = findSecrets(value)[0]?.type
  if (shape !== undefined) return shape
  const name = [...at].reverse().find((key) => !/^\d+$/.test(key)) ?? ''
  const isNamed = (secretName.test(name) && !notSecret.test(name)) || (isVariable(at) && looksLikeCredential(name, ''))
  return isNamed && !/\s/.test(value) && strengthOf(value).verdict !== 'placeholder' ? `a value under the name ${name}` : null
}

/** `env.NAME`, `env.vars.NAME`, `mcp.servers.x.env.NAME`. */
function isVariable(at: readonly string[]): boolean {
  return at.at(-2) === 'env' || at.at(-2) === 'vars' || at.at(-2) === 'headers'
}
