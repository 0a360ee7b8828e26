import { isRecord } from '../base/index.ts'
import { valueAt } from '../openclaw/index.ts'
import { agentsOf, scopesOf, type Scope } from './agent-scopes.ts'
import { entriesAt, flagAt, valueOf } from './config-values.ts'
import type { ConfigFacts } from './facts/config.ts'
import { expandTools } from './tool-catalog.ts'
import { reaches } from './tool-reach.ts'

type Config = Pick<ConfigFacts, 'value'>

/** A model somebody chose for an agent. */
export interface ModelChoice {
  /** `provider/model`, an alias put right. */
  model: string
  /** Dotted. */
  at: string
  scope: Scope
  /** It is shown pictures and decides nothing. */
  isForImages: boolean
}

/** The agent that answers when nobody says which: the one marked so, the first, or OpenClaw's `main`. */
export function mainAgent(config: Config): string {
  const agents = agentsOf(config)
  const marked = agents.find(({ entry }) => valueAt(config.value, [...entry, 'default']) === true)
  return marked?.agent ?? agents[0]?.agent ?? 'main'
}

/** First and fallback models of all agents and of each. */
export function modelChoices(config: Config): ModelChoice[] {
  const aliases = new Map(entriesAt(config, 'agents.defaults.models').map(([model, entry]) => [String(valueAt(entry, ['alias'])).toLowerCase(), model]))
  return scopesOf(config).flatMap((scope) =>
    ['model', 'imageModel'].flatMap((field) =>
      chosen(config, [...scope.entry, field]).map(({ model, at }) => ({ model: aliases.get(model.toLowerCase()) ?? model, at, scope, isForImages: field === 'imageModel' })),
    ),
  )
}

function chosen(config: Config, path: readonly string[]): { model: string; at: string }[] {
  const value = valueOf(config, path)
  const at = path.join('.')
  const fallbacks = isRecord(value) && Array.isArray(value['fallbacks']) ? value['fallbacks'] : []
  const all = [{ model: isRecord(value) ? value['primary'] : value, at }, ...fallbacks.map((model: unknown) => ({ model, at: `${at}.fallbacks` }))]
  return all.flatMap(({ model, at: place }) => (typeof model === 'string' && model.trim() !== '' ? [{ model: model.trim(), at: place }] : []))
}

/** Tools that bring text of strangers to an agent running this model. */
export function strangersTools(config: Config, { scope, model }: Pick<ModelChoice, 'scope' | 'model'>): string[] {
  const on = [
    ...(searches(config) ? ['web_search'] : []),
    ...(flagAt(config, 'tools.web.fetch.enabled') === false ? [] : ['web_fetch']),
    ...(browses(config) ? ['browser'] : []),
  ]
  const denied = new Set(deniedFor(config, scope, model))
  return reaches(config, scope, on).filter((tool) => !denied.has(tool))
}

/** What `tools.byProvider` takes from a provider or from one model of it. */
function deniedFor(config: Config, scope: Scope, model: string): string[] {
  const names = [model, model.split('/')[0]!]
  return [['tools'], scope.tools].flatMap((tools) =>
    names.flatMap((name) => {
      const list = valueOf(config, [...tools, 'byProvider', name, 'deny'])
      return Array.isArray(list) ? expandTools(list.filter((item) => typeof item === 'string')) : []
    }),
  )
}

/** Searching is on when somebody says so, or gave a key for it. */
function searches(config: Config): boolean {
  const said = flagAt(config, 'tools.web.search.enabled')
  if (said !== undefined) return said
  const settings = [valueOf(config, 'tools.web.search'), ...entriesAt(config, 'plugins.entries').map(([, entry]) => valueAt(entry, ['config', 'webSearch']))]
  return settings.some((setting) => isRecord(setting) && Object.entries(setting).some(([key, value]) => key !== 'enabled' && value !== '' && value !== null))
}

/** The browser is a plugin that comes along; it is on unless it, or all that is not listed, is switched off. */
function browses(config: Config): boolean {
  if (flagAt(config, 'browser.enabled') === false || flagAt(config, 'plugins.enabled') === false || flagAt(config, 'plugins.entries.browser.enabled') === false) return false
  const [allow, deny] = [valueOf(config, 'plugins.allow'), valueOf(config, 'plugins.deny')]
  if (Array.isArray(deny) && deny.includes('browser')) return false
  return !Array.isArray(allow) || allow.length === 0 || allow.includes('browser')
}

// OpenClaw's own audit: up to here a model is small, and follows what a page tells it more readily.
const smallBillions = 300

/** Billions of parameters by the name, `llama3.1:70b` → 70, when that is small; `null` otherwise. */
export function smallBy(model: string): number | null {
  const sizes = [...model.toLowerCase().matchAll(/(?:^|[^a-z0-9])[a-z]?(\d+(?:\.\d+)?)b(?![a-z0-9])/g)].map(([, size]) => Number(size)).filter((size) => size > 0)
  const size = Math.max(0, ...sizes)
  return size > 0 && size <= smallBillions ? size : null
}
