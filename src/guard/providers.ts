import { HardshellError, Secret } from '../base/index.ts'
import type { Config } from '../config/index.ts'
import { probeProvider, type OverlayApi, type OverlayProvider } from '../openclaw/index.ts'
import { probeAnswer } from '../proof/index.ts'
import { scriptedModel, type ModelApi, type Provider } from '../proxy/model/index.ts'
import type { AdoptedProvider } from './adopted-providers.ts'

/** The models behind the proxy, and what OpenClaw is told of them. */
export interface ProviderSet {
  forProxy: Provider[]
  forOpenClaw: OverlayProvider[]
  /** For the screen: where answers come from. */
  title: string
  /** Name of a provider → the secret its key is kept under. */
  secretNames: ReadonlyMap<string, string>
}

/** Where keys are found: `get` waits for a store, `current` answers from memory where it can. */
export interface KeySource {
  get(name: string): Promise<Secret | null>
  current(name: string): Secret | null | Promise<Secret | null>
}

/**
 * The providers of the settings; without any, those whose key is at hand; without any, the scripted model, so that
 * everything can be tried offline.
 */
export async function chooseProviders(config: Config, keys: KeySource, adopted: readonly AdoptedProvider[] = []): Promise<ProviderSet> {
  const named: [string, SettingsEntry][] = [...adopted.map(asSettings), ...Object.entries(config.models.providers).map(withModels)]
  // The operator's own word about a name comes last and wins.
  const chosen = named.length > 0 ? [...new Map(named).entries()].map(([name, entry]) => fromSettings(name, entry, keys)) : await fromKeys(keys)
  const all = chosen.length > 0 ? chosen : [scripted]
  return {
    forProxy: [...all.map(({ provider }) => provider), probe],
    forOpenClaw: all.map(({ told }) => told),
    secretNames: new Map(all.flatMap(({ provider, secretName }) => (secretName === undefined ? [] : [[provider.name, secretName] as const]))),
    title: all.map(({ provider }) => (provider.local ? 'built-in scripted model (no provider key given)' : provider.name)).join(', '),
  }
}

function asSettings({ name, api, baseUrl, secretName }: AdoptedProvider): [string, SettingsEntry] {
  return [name, { api, base_url: baseUrl, usage_in_stream: 'ask', key: secretName === null ? undefined : `$${secretName}`, models: [] }]
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
  secretName?: string | undefined
}

type Entry = Config['models']['providers'][string]
type SettingsEntry = Omit<Entry, 'forward_headers'> & Partial<Pick<Entry, 'forward_headers'>>

function fromSettings(name: string, entry: SettingsEntry, keys: KeySource): Chosen {
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
      api: spoken[entry.api],
      baseUrl: withoutVersion(entry.base_url, entry.api),
      usageInStream: entry.usage_in_stream,
      ...(entry.forward_headers && { forwardHeaders: entry.forward_headers }),
      // Without a key of its own a server would be sent the client's, which is our virtual one.
      key: () => (secretName === undefined ? noKey : keys.current(secretName)),
    },
    told: { name, api: entry.api, models },
    secretName,
  }
}

const noKey = new Secret('no-key')

// OpenClaw's words for protocols, and those of the model proxy.
const spoken: Readonly<Record<OverlayApi, ModelApi>> = {
  'openai-completions': 'openai-chat',
  'openai-responses': 'openai-responses',
  'anthropic-messages': 'anthropic-messages',
  'google-generative-ai': 'google-generative',
}

/** The address as the model proxy wants it: the version belongs to the path of a call. */
export function withoutVersion(baseUrl: string, api: OverlayApi): string {
  return baseUrl.replace(api === 'google-generative-ai' ? /\/(v1(beta|alpha)?\/?)?$/ : /\/(v1\/?)?$/, '')
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
  {
    name: 'google',
    secret: 'GEMINI_API_KEY',
    api: 'google-generative-ai',
    base_url: 'https://generativelanguage.googleapis.com/v1beta',
    models: ['gemini-2.5-flash', 'gemini-2.5-pro', 'gemini-2.5-flash-lite'].map((id) => ({ id, context_window: 1_000_000, max_tokens: 32_000 })),
  },
] as const

async function fromKeys(keys: KeySource): Promise<Chosen[]> {
  const found: Chosen[] = []
  for (const { secret, name, ...entry } of wellKnown) {
    if (await keys.get(secret)) found.push(fromSettings(name, { ...entry, usage_in_stream: 'ask', key: `$${secret}` }, keys))
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
