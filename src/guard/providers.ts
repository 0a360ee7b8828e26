import { HardshellError, type Secret } from '../base/index.ts'
import type { Config } from '../config/index.ts'
import { probeProvider, type OverlayProvider } from '../openclaw/index.ts'
import { probeAnswer } from '../proof/index.ts'
import { scriptedModel, type Provider } from '../proxy/model/index.ts'
import type { AdoptedProvider } from './adopted-providers.ts'

/** The models behind the proxy, and what OpenClaw is told of them. */
export interface ProviderSet {
  forProxy: Provider[]
  forOpenClaw: OverlayProvider[]
  /** For the screen: where answers come from. */
  title: string
}

type FindSecret = (name: string) => Promise<Secret | null>

/**
 * The providers of the settings; without any, those whose key is at hand; without any, the scripted model, so that
 * everything can be tried offline.
 */
export async function chooseProviders(config: Config, find: FindSecret, adopted: readonly AdoptedProvider[] = []): Promise<ProviderSet> {
  const named: [string, SettingsEntry][] = [...adopted.map(asSettings), ...Object.entries(config.models.providers).map(withModels)]
  // The operator's own word about a name comes last and wins.
  const chosen = named.length > 0 ? [...new Map(named).entries()].map(([name, entry]) => fromSettings(name, entry, find)) : await fromKeys(find)
  const all = chosen.length > 0 ? chosen : [scripted]
  return {
    forProxy: [...all.map(({ provider }) => provider), probe],
    forOpenClaw: all.map(({ told }) => told),
    title: all.map(({ provider }) => (provider.local ? 'built-in scripted model (no provider key given)' : provider.name)).join(', '),
  }
}

function asSettings({ name, api, baseUrl, secretName }: AdoptedProvider): [string, SettingsEntry] {
  return [name, { api, base_url: baseUrl, key: secretName === null ? undefined : `$${secretName}`, models: [] }]
}

// An empty list means "those with a known price"; whose those are is known by the address.
function withModels([name, entry]: [string, SettingsEntry]): [string, SettingsEntry] {
  if (entry.models.length > 0) return [name, entry]
  const known = wellKnown.find(({ base_url }) => new URL(base_url).host === new URL(entry.base_url).host)
  if (known) return [name, { ...entry, models: known.models }]
  throw new HardshellError('guard.no-models', `models.providers.${name} names no model, and we know none of ${entry.base_url}`, {
    hint: `models.providers.${name}.models: [name-of-a-model] in config.yaml`,
  })
}

interface Chosen {
  provider: Provider
  told: OverlayProvider
}

type SettingsEntry = Config['models']['providers'][string]

function fromSettings(name: string, entry: SettingsEntry, find: FindSecret): Chosen {
  const api = entry.api === 'anthropic-messages' ? 'anthropic-messages' : 'openai-chat'
  const secretName = entry.key?.slice(1)
  const models = entry.models.map(({ id, context_window, max_tokens }) => ({
    id,
    name: id,
    // What a model whose limits nobody wrote down surely has.
    contextWindow: context_window ?? 128_000,
    maxTokens: max_tokens ?? 8192,
  }))
  return {
    provider: {
      name,
      api,
      baseUrl: entry.base_url.replace(/\/(v1\/?)?$/, ''),
      key: async () => (secretName === undefined ? null : await find(secretName)),
    },
    told: { name, api: api === 'anthropic-messages' ? 'anthropic-messages' : 'openai-completions', models },
  }
}

// Offered when nothing but a key is known. Each has a price in the table; others are added in config.yaml.
const wellKnown = [
  {
    name: 'anthropic',
    secret: 'ANTHROPIC_API_KEY',
    api: 'anthropic-messages',
    base_url: 'https://api.anthropic.com',
    models: ['claude-sonnet-4-5', 'claude-haiku-4-5', 'claude-opus-4-5'].map((id) => ({ id, context_window: 200_000, max_tokens: 32_000 })),
  },
  {
    name: 'openai',
    secret: 'OPENAI_API_KEY',
    api: 'openai-completions',
    base_url: 'https://api.openai.com/v1',
    models: ['gpt-5-mini', 'gpt-5', 'gpt-5-nano'].map((id) => ({ id, context_window: 272_000, max_tokens: 32_000 })),
  },
] as const

async function fromKeys(find: FindSecret): Promise<Chosen[]> {
  const found: Chosen[] = []
  for (const { secret, name, ...entry } of wellKnown) {
    if (await find(secret)) found.push(fromSettings(name, { ...entry, key: `$${secret}` }, find))
  }
  return found
}

const scripted: Chosen = {
  provider: { name: 'hardshell', api: 'openai-chat', baseUrl: 'http://127.0.0.1', key: async () => null, local: scriptedModel },
  told: {
    name: 'hardshell',
    api: 'openai-completions',
    models: [{ id: 'scripted', name: 'Hardshell scripted model', contextWindow: 200_000, maxTokens: 8192 }],
  },
}

const probe: Provider = {
  name: probeProvider,
  api: 'openai-chat',
  baseUrl: 'http://127.0.0.1',
  key: async () => null,
  local: (request) => {
    const answer = probeAnswer(request)
    return 'tool' in answer ? { tool: answer.tool, args: answer.args as Record<string, unknown> } : answer
  },
}
