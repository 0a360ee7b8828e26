import { HardshellError, Secret } from '../base/index.ts'
import { overlayApis, probeProvider, valueAt, type OverlayApi, type OverlayProvider } from '../openclaw/index.ts'

/** A provider an installation named itself, as it really is. */
export interface AdoptedProvider {
  name: string
  api: OverlayApi
  baseUrl: string
  /** Name of its key in our drawer, or of the environment variable it was told to read; `null`: it needs none. */
  secretName: string | null
}

/**
 * The providers of an `openclaw.json`, and the keys that lie in it in plain text.
 * @throws HardshellError `guard.adoption-refused` for a protocol the model proxy does not speak
 */
export function foreignProviders(config: unknown): { providers: AdoptedProvider[]; secrets: Map<string, Secret> } {
  const providers: AdoptedProvider[] = []
  const secrets = new Map<string, Secret>()
  for (const [name, entry] of Object.entries((valueAt(config, ['models', 'providers']) ?? {}) as Record<string, unknown>)) {
    const baseUrl = valueAt(entry, ['baseUrl'])
    if (name === probeProvider || typeof baseUrl !== 'string') continue
    const key = valueAt(entry, ['apiKey'])
    providers.push({ name, api: apiOf(name, valueAt(entry, ['api'])), baseUrl, secretName: secretNameOf(name, key, secrets) })
  }
  return { providers, secrets }
}

/** Without a word about it OpenClaw speaks `openai-completions`. */
function apiOf(provider: string, named: unknown): OverlayApi {
  const api = overlayApis.find((known) => known === (named ?? 'openai-completions'))
  if (api) return api
  throw new HardshellError('guard.adoption-refused', `models.providers.${provider}.api in openclaw.json names a protocol the model proxy does not speak`, {
    hint: `one of ${overlayApis.join(', ')}; many servers speak openai-completions too`,
  })
}

function secretNameOf(provider: string, key: unknown, secrets: Map<string, Secret>): string | null {
  const fromEnvironment = typeof key === 'string' ? /^\$\{([A-Z_][A-Z0-9_]*)\}$/.exec(key)?.[1] : valueAt(key, ['source']) === 'env' ? valueAt(key, ['id']) : undefined
  if (typeof fromEnvironment === 'string') return fromEnvironment
  if (typeof key !== 'string' || key === '') return null
  const name = `OPENCLAW_${provider.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_API_KEY`
  secrets.set(name, new Secret(key))
  return name
}

/** Models the configuration refers to as `provider/model`, so that `models.mode: replace` leaves none of them unknown. */
export function referredModels(config: unknown, provider: string): OverlayProvider['models'] {
  const found = new Set<string>()
  const visit = (value: unknown): void => {
    if (typeof value === 'string' && value.startsWith(`${provider}/`)) found.add(value.slice(provider.length + 1))
    else if (typeof value === 'object' && value !== null) for (const child of Object.values(value)) visit(child)
  }
  visit(valueAt(config, ['agents']))
  return [...found].map((id) => ({ id, name: id, contextWindow: 200_000, maxTokens: 8192 }))
}
