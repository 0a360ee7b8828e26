import { isLoopback, parseListen, isRecord } from '../../base/index.ts'
import { scopeName, scopesOf, type Scope } from '../agent-scopes.ts'
import { hasWildcard } from '../channel-policies.ts'
import { entriesAt, flagAt, listAt, numberAt, textAt, valueOf, wordsAt } from '../config-values.ts'
import type { ConfigFacts } from '../facts/config.ts'
import type { GuardConfigFacts } from '../facts/guard-config.ts'
import { guardSetting } from '../guard-settings.ts'
import { sandboxMode } from '../sandbox-mode.ts'
import { reaches } from '../tool-reach.ts'
import type { EntryPoint, Level } from './model.ts'

const everything = ['keys', 'host', 'transcripts', 'memory']

/** Every way in that the configuration names, disabled ones included: they are one line away. */
export function entryPointsOf(config: ConfigFacts | null, guard: GuardConfigFacts | null): EntryPoint[] {
  const ours = config === null ? [] : [...ports(config), ...hooks(config), ...channels(config), ...cron(config), ...servers(config), ...skills(config), ...plugins(config), ...agents(config), memory(config)]
  return [...ours, ...(guard === null || guard.guard === null ? [] : doors(guard))]
}

// OpenClaw's default port (docs, gateway/configuration).
const gatewayPort = 18_789

function ports(config: ConfigFacts): EntryPoint[] {
  const bind = textAt(config, 'gateway.bind') ?? 'loopback'
  const mode = textAt(config, 'gateway.auth.mode') ?? 'token'
  const tailscale = textAt(config, 'gateway.tailscale.mode') ?? 'off'
  const open: Level = bind === 'loopback' ? (tailscale === 'funnel' ? 4 : tailscale === 'serve' ? 2 : 1) : bind === 'tailnet' ? 2 : 4
  const likelihood = mode === 'none' ? (Math.min(4, open + 1) as Level) : open
  const port = numberAt(config, 'gateway.port') ?? gatewayPort
  const name = `port ${port}, HTTP and WebSocket`
  return [entry({ kind: 'port', name, policy: `bind ${bind}, auth ${mode}${tailscale === 'off' ? '' : `, tailscale ${tailscale}`}`, at: 'gateway', boundary: 'external-gateway', likelihood, threat: 'somebody drives the gateway as its operator', reaches: [...everything, 'money'], surfaces: frontOf(config) })]
}

/** The front door stands in the way of those who cannot go around it. */
function frontOf(config: ConfigFacts): readonly string[] {
  return (textAt(config, 'gateway.bind') ?? 'loopback') === 'loopback' ? ['ingress'] : []
}

function doors(guard: GuardConfigFacts): EntryPoint[] {
  const door = (at: string, { name, fallback, surface }: { name: string; fallback: string; surface: string }): EntryPoint => {
    const written = guardSetting(guard, at)
    const listen = typeof written === 'string' ? written : fallback
    const address = parseListen(listen)
    const likelihood = address !== null && (address.host === 'localhost' || isLoopback(address.host)) ? 1 : 4
    return entry({ kind: 'door', name: `${name}, ${listen}`, policy: 'asks for a credential', at, boundary: 'external-gateway', likelihood, threat: 'somebody gets past the guard, or orders it', reaches: ['guard', 'money'], surfaces: [surface] })
  }
  // Defaults as in the settings of each door (docs/reference/settings.md).
  return [
    door('server.listen', { name: 'front door', fallback: '127.0.0.1:18700', surface: 'ingress' }),
    door('models.listen', { name: 'model proxy', fallback: '127.0.0.1:18701', surface: 'model-key' }),
    door('egress.listen', { name: 'egress proxy', fallback: '127.0.0.1:18702', surface: 'egress' }),
    door('dns.listen', { name: 'DNS filter', fallback: '127.0.0.1:18703', surface: 'dns' }),
  ]
}

function hooks(config: ConfigFacts): EntryPoint[] {
  if (flagAt(config, 'hooks.enabled') !== true) return []
  const hook = (name: string, at: string): EntryPoint =>
    entry({ kind: 'hook', name, policy: valueOf(config, 'hooks.token') === undefined ? 'no token' : 'asks for its token', at, boundary: 'external-gateway', likelihood: valueOf(config, 'hooks.token') === undefined ? 4 : 2, threat: 'somebody wakes an agent with text of their own', reaches: [...everything, 'money'], surfaces: frontOf(config) })
  const mappings = listAt(config, 'hooks.mappings').map((mapping, index) => {
    const { id, name } = isRecord(mapping) ? mapping : {}
    return hook(`hook ${typeof id === 'string' ? id : typeof name === 'string' ? name : index}`, `hooks.mappings.${index}`)
  })
  return [hook(`hooks at ${textAt(config, 'hooks.path') ?? '/hooks'}`, 'hooks'), ...mappings]
}

/** Keys of `channels` that are no channels. */
const notChannels = new Set(['defaults', 'modelByChannel'])

function channels(config: ConfigFacts): EntryPoint[] {
  return entriesAt(config, 'channels').flatMap(([channel, own]) => {
    if (notChannels.has(channel)) return []
    const settings = isRecord(own) ? own : {}
    const { accounts, ...shared } = settings
    const each = isRecord(accounts) ? Object.entries(accounts) : []
    return [
      channelEntry(channel, `channels.${channel}`, settings, channel),
      ...each.map(([name, account]) => channelEntry(`${channel}, account ${name}`, `channels.${channel}.accounts.${name}`, { ...shared, ...(isRecord(account) ? account : {}) }, channel)),
    ]
  })
}

function channelEntry(name: string, at: string, settings: Readonly<Record<string, unknown>>, channel: string): EntryPoint {
  const before = isRecord(settings['dm']) ? settings['dm'] : {}
  // What counts where nothing is written: strangers pair, groups are listed (docs, channels/pairing).
  const dm = String(settings['dmPolicy'] ?? before['policy'] ?? 'pairing')
  const group = String(settings['groupPolicy'] ?? 'allowlist')
  const anybody = dm === 'open' || group === 'open' || hasWildcard(settings['allowFrom']) || hasWildcard(before['allowFrom']) || hasWildcard(settings['groupAllowFrom'])
  const off = settings['enabled'] === false
  const likelihood: Level = off ? 1 : anybody ? 4 : dm === 'pairing' || group !== 'disabled' ? 2 : 1
  const policy = off ? 'switched off' : `direct ${dm}, groups ${group}`
  return entry({ kind: 'channel', name, policy, at, boundary: 'input-agent', likelihood, threat: 'a message holds orders, and the agent follows them', reaches: ['keys', `channel:${channel}`, 'host', 'memory', 'money'] })
}

function cron(config: ConfigFacts): EntryPoint[] {
  if (flagAt(config, 'cron.enabled') === false) return []
  return [entry({ kind: 'cron', name: 'cron jobs', policy: 'run without a person', at: 'cron', boundary: 'input-agent', likelihood: 2, threat: 'a job an agent planted runs again and again, with nobody there', reaches: ['money', 'host', 'keys'], surfaces: ['tool-call', 'budget'] })]
}

function servers(config: ConfigFacts): EntryPoint[] {
  return entriesAt(config, 'mcp.servers').map(([name, own]) => {
    const settings = isRecord(own) ? own : {}
    const remote = typeof settings['url'] === 'string'
    const off = settings['enabled'] === false
    return entry({
      kind: 'mcp',
      name: `MCP server ${name}`,
      policy: off ? 'switched off' : remote ? `remote, ${hostOf(String(settings['url']))}` : 'a program on this machine',
      at: `mcp.servers.${name}`,
      boundary: remote ? 'input-agent' : 'clawhub-system',
      likelihood: off ? 1 : remote ? 3 : 2,
      threat: remote ? 'its answers hold orders, or it changes what its tools do' : 'its code does more than its tools say',
      reaches: remote ? ['keys', 'transcripts', 'host'] : ['host', 'keys', 'memory'],
      // Its program runs as the gateway does, beside every sandbox.
      surfaces: remote ? ['tool-call', 'redaction'] : ['egress', 'kernel'],
    })
  })
}

/** Of an address only where it leads: what follows may hold a token. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'address unreadable'
}

function skills(config: ConfigFacts): EntryPoint[] {
  const skill = (name: string, policy: string, at: string, likelihood: Level): EntryPoint =>
    entry({ kind: 'skill', name, policy, at, boundary: 'clawhub-system', likelihood, threat: 'its text or scripts take over the agent that loads it', reaches: ['host', 'keys', 'memory'], surfaces: ['tool-call', 'sandbox', 'egress', 'kernel'] })
  const entries = entriesAt(config, 'skills.entries').map(([name, own]) => {
    const off = isRecord(own) && own['enabled'] === false
    return skill(`skill ${name}`, off ? 'switched off' : 'loaded', `skills.entries.${name}`, off ? 1 : 3)
  })
  return [...entries, ...wordsAt(config, 'skills.load.extraDirs').map((folder, index) => skill(`skills in ${folder}`, 'whatever lies there', `skills.load.extraDirs.${index}`, 3))]
}

function plugins(config: ConfigFacts): EntryPoint[] {
  const plugin = (name: string, policy: string, at: string, likelihood: Level): EntryPoint =>
    entry({ kind: 'plugin', name, policy, at, boundary: 'clawhub-system', likelihood, threat: 'it runs inside the gateway and does what it likes', reaches: [...everything], surfaces: ['egress', 'kernel'] })
  const entries = entriesAt(config, 'plugins.entries').map(([name, own]) => {
    const off = isRecord(own) && own['enabled'] === false
    return plugin(`plugin ${name}`, off ? 'switched off' : 'loaded', `plugins.entries.${name}`, off ? 1 : 2)
  })
  return [...entries, ...wordsAt(config, 'plugins.load.paths').map((path, index) => plugin(`plugins in ${path}`, 'whatever lies there', `plugins.load.paths.${index}`, 3))]
}

// One tool of each kind that turns words into effects.
const strongTools = ['exec', 'write', 'browser', 'web_fetch', 'gateway', 'sessions_spawn']

function agents(config: ConfigFacts): EntryPoint[] {
  const scopes = scopesOf(config)
  return (scopes.length > 1 ? scopes.slice(1) : scopes).map((scope: Scope) => {
    const tools = reaches(config, scope, strongTools)
    const { mode } = sandboxMode(config, scope)
    const likelihood: Level = tools.includes('exec') ? (mode === 'all' ? 2 : mode === 'non-main' ? 3 : 4) : tools.length > 0 ? 2 : 1
    const policy = `${tools.length === 0 ? 'no strong tool' : tools.join(', ')}; sandbox ${mode}`
    return entry({ kind: 'agent', name: scope.agent === null ? 'every agent' : scopeName(scope), policy, at: scope.tools.join('.'), boundary: 'agent-tools', likelihood, threat: 'an agent that was talked over runs, writes and sends', reaches: [...everything, 'money'] })
  })
}

function memory(config: ConfigFacts): EntryPoint {
  const workspace = textAt(config, 'agents.defaults.workspace') ?? 'the workspace'
  return entry({ kind: 'memory', name: 'memory and persona files', policy: `in ${workspace}`, at: 'agents.defaults.workspace', boundary: 'memory-context', likelihood: 2, threat: 'what was planted once is read in every later session', reaches: ['memory', 'keys', 'transcripts'] })
}

function entry(made: Omit<EntryPoint, 'id'>): EntryPoint {
  return { id: `${made.kind}:${made.at}`, ...made }
}
