import { isDeepStrictEqual } from 'node:util'
import type { Secret } from '../base/index.ts'
import { valueAt, type Change } from './json5-edit.ts'
import { refuseHiddenSettings } from './hidden-settings.ts'
import { sandboxOverlay, type OverlaySandbox } from './overlay-sandbox.ts'

/** What our settings in `openclaw.json` depend on. */
export interface OverlayFacts {
  gatewayPort: number
  gatewayToken: Secret
  /** `http://127.0.0.1:18781`: where the model proxy listens. */
  modelProxyUrl: string
  /** The key OpenClaw holds instead of provider keys; good for nothing but our model proxy. */
  virtualKey: Secret
  /** The key of the probe's own provider entry. */
  probeKey: Secret
  egressProxyUrl: string
  /** Folder of our plugin, and the socket it asks on. */
  pluginPath: string
  pluginSocket: string
  /** Our resolver of secrets, for references of the configuration; `null`: none is handed out. */
  secretProvider: object | null
  /** What our plugin puts in front of every system prompt. */
  boundary: string
  logFile: string
  /** Providers to add when the configuration names none. */
  defaultProviders: readonly OverlayProvider[]
  /** Where agents without a workspace of their own get one. `null`: OpenClaw's own choice. */
  workspace: string | null
  /** Where tools run. */
  sandbox: OverlaySandbox
  /** What the operator's own configuration says of these, or its safe defaults. */
  settings: OverlaySettings
}

/** Settings of ours that are OpenClaw's under the same names. */
export interface OverlaySettings {
  dmScope: string
  profile: string
  /** Denied in addition to what the configuration denies already. */
  deny: readonly string[]
  workspaceOnly: boolean
  exec: { security: string; ask: string }
  elevated: boolean
}

/** The protocols both OpenClaw and our model proxy speak, in OpenClaw's words. */
export const overlayApis = ['openai-completions', 'openai-responses', 'anthropic-messages', 'google-generative-ai'] as const
export type OverlayApi = (typeof overlayApis)[number]

/** A provider as OpenClaw's `models.providers` wants it, before its address and key become ours. */
export interface OverlayProvider {
  name: string
  api: OverlayApi
  models: readonly { id: string; name: string; contextWindow: number; maxTokens: number }[]
}

export const pluginId = 'hardshell'
export const probeProvider = 'hardshell-probe'
export const probeModel = 'probe'

/**
 * What has to change in a configuration for it to be ours: the hardened baseline, every model provider at the
 * model proxy, everything else at the egress proxy, our plugin and the probe's model. Pure; a configuration that
 * already is ours yields no change.
 *
 * @throws HardshellError `openclaw.config-unreadable` when settings stand where this does not reach
 */
export function planOverlay(config: unknown, facts: OverlayFacts): Change[] {
  refuseHiddenSettings(config)
  const wanted = [...baseline(config, facts.settings), ...paths(config, facts), ...providers(config, facts), ...secretProviders(facts), ...plugin(config, facts), ...probe(config, facts), ...sandboxOverlay(config, facts.sandbox)]
  return wanted
    .map(([at, to]): Change => ({ at: at, from: valueAt(config, at), to }))
    .filter((change) => !isDeepStrictEqual(change.from, change.to))
}

type Wanted = readonly [at: readonly string[], to: unknown]

// Source of what is fixed here: OpenClaw docs, gateway/security/hardened-baseline.
function baseline(config: unknown, settings: OverlaySettings): Wanted[] {
  const keys = (path: string): string[] => path.split('.')
  return [
    [keys('gateway.mode'), 'local'],
    [keys('gateway.bind'), 'loopback'],
    [keys('session.dmScope'), settings.dmScope],
    [keys('discovery.mdns.mode'), 'off'],
    [keys('update.checkOnStart'), false],
    [keys('tools.profile'), settings.profile],
    [keys('tools.deny'), union(valueAt(config, keys('tools.deny')), settings.deny)],
    [keys('tools.fs.workspaceOnly'), settings.workspaceOnly],
    [keys('tools.elevated.enabled'), settings.elevated],
    [keys('tools.agentToAgent.enabled'), false],
    [keys('tools.sessions.visibility'), 'agent'],
    [keys('tools.loopDetection.enabled'), true],
    // Titles of sessions come from a model call outside any hook: to us an unguarded turn. Empty means none.
    [keys('agents.defaults.utilityModel'), valueAt(config, keys('agents.defaults.utilityModel')) ?? ''],
    ...execMode(config, settings.exec),
  ]
}

// OpenClaw has two spellings for the same thing and refuses both at once: keep the one that is in use.
function execMode(config: unknown, { security, ask }: OverlaySettings['exec']): Wanted[] {
  if (valueAt(config, ['tools', 'exec', 'mode']) !== undefined) return [[['tools', 'exec', 'mode'], modeOf(security, ask)]]
  return [
    [['tools', 'exec', 'security'], security],
    [['tools', 'exec', 'ask'], ask],
  ]
}

function modeOf(security: string, ask: string): string {
  return security === 'full' && ask !== 'off' ? 'ask' : security
}

function paths(config: unknown, facts: OverlayFacts): Wanted[] {
  const workspace = valueAt(config, ['agents', 'defaults', 'workspace']) ?? facts.workspace
  return [
    [['gateway', 'port'], facts.gatewayPort],
    [['gateway', 'auth'], { mode: 'token', token: facts.gatewayToken.reveal() }],
    [['gateway', 'http', 'endpoints', 'chatCompletions', 'enabled'], true],
    [['proxy', 'proxyUrl'], facts.egressProxyUrl],
    ...(workspace === null ? [] : [[['agents', 'defaults', 'workspace'], workspace] as const]),
    ...(facts.workspace === null ? [] : privateProfile(facts)),
  ]
}

// Of an installation that is the operator's own we leave alone what guards nothing.
function privateProfile({ logFile }: OverlayFacts): Wanted[] {
  return [
    [['logging', 'file'], logFile], // its default folder in /tmp is shared by every OpenClaw of the machine
    [['agents', 'defaults', 'skipBootstrap'], true],
  ]
}

function providers(config: unknown, facts: OverlayFacts): Wanted[] {
  const ours = new Map(facts.defaultProviders.map((provider) => [provider.name, provider]))
  const named = objectAt(config, ['models', 'providers'])
  const wanted: Wanted[] = [[['models', 'mode'], 'replace']]
  for (const name of new Set([...ours.keys(), ...Object.keys(named)])) {
    if (name !== probeProvider) wanted.push(...oneProvider(name, ours.get(name), named[name], facts))
  }
  return [...wanted, ...primaryModel(config, facts, Object.keys(named).length > 0)]
}

function oneProvider(name: string, ours: OverlayProvider | undefined, present: unknown, facts: OverlayFacts): Wanted[] {
  const at = ['models', 'providers', name]
  const api = ours?.api ?? valueAt(present, ['api']) ?? 'openai-completions'
  const door = { baseUrl: proxied(facts, name, api), apiKey: facts.virtualKey.reveal() }
  const models = ours?.models.map(modelEntry)
  if (present === undefined) return [[at, { ...door, api, models }]]
  const kept: Wanted[] = Object.entries(door).map(([key, value]) => [[...at, key], value])
  // In the private profile our settings say which models there are; elsewhere the operator's list stays.
  return facts.workspace === null || !ours ? kept : [...kept, [[...at, 'api'], api], [[...at, 'models'], models]]
}

/** What agents use unless told otherwise: in the private profile one of our providers, whatever was there before. */
function primaryModel(config: unknown, { defaultProviders, workspace }: OverlayFacts, hasProviders: boolean): Wanted[] {
  const at = ['agents', 'defaults', 'model', 'primary']
  const [first] = defaultProviders
  if (!first) return []
  const present = valueAt(config, at)
  const gone = typeof present !== 'string' || !defaultProviders.some(({ name }) => present.startsWith(`${name}/`))
  const set = workspace === null ? !hasProviders && valueAt(config, ['agents', 'defaults', 'model']) === undefined : gone
  return set ? [[at, `${first.name}/${first.models[0]?.id}`]] : []
}

/**
 * Our address of a provider. OpenClaw appends `/chat/completions` or `/responses`, `/models/…:streamGenerateContent`,
 * or `/v1/messages`.
 */
function proxied(facts: OverlayFacts, name: string, api: unknown): string {
  const version = api === 'anthropic-messages' ? '' : api === 'google-generative-ai' ? '/v1beta' : '/v1'
  return `${facts.modelProxyUrl}/p/${name}${version}`
}

function secretProviders({ secretProvider }: OverlayFacts): Wanted[] {
  return secretProvider ? [[['secrets', 'providers', pluginId], secretProvider]] : []
}

function modelEntry(model: OverlayProvider['models'][number]): object {
  return { ...model, reasoning: false, input: ['text'] }
}

function plugin(config: unknown, facts: OverlayFacts): Wanted[] {
  const entry = valueAt(config, ['plugins', 'entries', pluginId])
  return [
    [['plugins', 'allow'], union(valueAt(config, ['plugins', 'allow']) ?? declaredPlugins(config), [pluginId])],
    [['plugins', 'load', 'paths'], union(valueAt(config, ['plugins', 'load', 'paths']), [facts.pluginPath])],
    [
      ['plugins', 'entries', pluginId],
      { ...(entry as object), enabled: true, hooks: { allowConversationAccess: true }, config: { socket: facts.pluginSocket, boundary: facts.boundary, ...(facts.sandbox.backend !== 'off' && { execHost: 'sandbox' }) } },
    ],
  ]
}

// `plugins.allow` also switches off bundled plugins that are not on it (openclaw.md trap 10): what the
// configuration uses by name is declared, everything else is not.
function declaredPlugins(config: unknown): string[] {
  const entries = Object.entries(objectAt(config, ['plugins', 'entries']))
  const enabled = entries.filter(([, entry]) => valueAt(entry, ['enabled']) !== false).map(([name]) => name)
  return [...enabled, ...Object.keys(objectAt(config, ['channels'])).filter((name) => name !== 'defaults')]
}

// The probe gets a provider of its own and no agent: a second agent would make OpenClaw ask every surface that has
// no explicit owner ("Multiple agents are configured"), for somebody who has one.
function probe(config: unknown, facts: OverlayFacts): Wanted[] {
  const model = { id: probeModel, name: 'Hardshell probe', contextWindow: 200_000, maxTokens: 1_000 }
  const policy = valueAt(config, ['agents', 'defaults', 'modelPolicy', 'allow'])
  return [
    [
      ['models', 'providers', probeProvider],
      {
        baseUrl: proxied(facts, probeProvider, 'openai-completions'),
        apiKey: facts.probeKey.reveal(),
        api: 'openai-completions',
        models: [modelEntry(model)],
      },
    ],
    ...(Array.isArray(policy) ? [[['agents', 'defaults', 'modelPolicy', 'allow'], union(policy, [`${probeProvider}/${probeModel}`])] as const] : []),
  ]
}

function objectAt(config: unknown, at: readonly string[]): Record<string, unknown> {
  const value = valueAt(config, at)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

function union(present: unknown, needed: readonly string[]): string[] {
  const list = Array.isArray(present) ? present.filter((item): item is string => typeof item === 'string') : []
  return [...list, ...needed.filter((item) => !list.includes(item))]
}
