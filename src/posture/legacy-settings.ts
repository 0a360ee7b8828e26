import { isRecord } from '../base/index.ts'
import { valueAt } from '../openclaw/index.ts'
import { originOf, startsWith, type Origin } from './config-origins.ts'

/** A configuration under today's names. */
export interface Modern {
  value: Record<string, unknown>
  origins: readonly Origin[]
  problems: readonly { at: string; message: string }[]
}

/**
 * Presents the settings of every version since 2026.1 under the names of today. What stands under both names counts
 * under today's, as OpenClaw's own migrations have it. `agents.list` stays: whoever asks for agents knows both rosters.
 */
export function underTodaysNames(value: Record<string, unknown>, origins: readonly Origin[]): Modern {
  const moving = new Moving(structuredClone(value), origins)
  moving.listed(['agents'], ['agents', 'list'])
  moving.named(['mcp', 'servers'])
  for (const [from, to] of moves) moving.move(from.split('.'), to.split('.'))
  moving.oneWebSearchKey()
  for (const channel of channels) moving.move([channel], ['channels', channel])
  for (const channel of Object.keys(recordAt(moving.root, ['channels']))) {
    moving.move(['channels', channel, 'allowPrivateNetwork'], ['channels', channel, 'network', 'dangerouslyAllowPrivateNetwork'])
  }
  moving.translate(['gateway', 'bind'], (bind) => (typeof bind === 'string' ? (hostAliases.get(bind.trim().toLowerCase()) ?? bind) : bind))
  moving.translate(['agents', 'defaults', 'sandbox', 'scope'], perSession)
  moving.name(['agents', 'list'], 'the form of agents.entries from before')
  for (const path of retired) moving.name(path.split('.'), 'the OpenClaw of today no longer acts on it')
  for (const key of formerRoots) moving.name([key], 'a section of before, which the OpenClaw of today does not read')
  for (const key of unknownSettings(moving.root)) moving.name([key], 'OpenClaw knows no such setting and refuses the file')
  return { value: moving.root, origins: moving.origins, problems: moving.problems }
}

/** Sections at the root that no version reads, of a file under today's names. Pure. */
export function unknownSettings(value: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(value).filter((key) => !rootKeys.has(key) && !formerRoots.has(key) && key !== '$include')
}

// Source: OpenClaw 2026.9.6, the migrations of its doctor; `agent`, `routing` and channels at the root are those of
// Clawdbot and Moltbot up to 2026.1, which later versions no longer migrate. More special ones first.
const moves: readonly (readonly [string, string])[] = [
  ['agent.tools.allow', 'tools.allow'],
  ['agent.tools.deny', 'tools.deny'],
  ['agent.elevated', 'tools.elevated'],
  ['agent.bash', 'tools.exec'],
  ['agent.sandbox.tools', 'tools.sandbox.tools'],
  ['agent.subagents.tools', 'tools.subagents.tools'],
  ['agent', 'agents.defaults'],
  ['model', 'agents.defaults.model'],
  ['heartbeat', 'agents.defaults.heartbeat'],
  ['routing.allowFrom', 'channels.whatsapp.allowFrom'],
  ['routing.agents', 'agents.entries'],
  ['routing.agentToAgent', 'tools.agentToAgent'],
  ['routing.bindings', 'bindings'],
  ['routing.groupChat.mentionPatterns', 'messages.groupChat.mentionPatterns'],
  ['routing.groupChat.historyLimit', 'messages.groupChat.historyLimit'],
  ['routing.queue', 'messages.queue'],
  ['tools.bash', 'tools.exec'],
  ['audit', 'logging.audit'],
  ['messages.tts', 'tts'],
  ['memorySearch', 'memory.search'],
  ['agents.defaults.memorySearch', 'memory.search'],
  ['agents.defaults.embeddedPi', 'agents.defaults.embeddedAgent'],
  ['talk.apiKey', 'talk.providers.elevenlabs.apiKey'],
  ['gateway.token', 'gateway.auth.token'],
  ['gateway.password', 'gateway.auth.password'],
  ['gateway.nodes.allowCommands', 'gateway.nodes.commands.allow'],
  ['gateway.nodes.denyCommands', 'gateway.nodes.commands.deny'],
  ['gateway.nodes.skills.enabled', 'gateway.nodes.allowSkills'],
  ['browser.ssrfPolicy.allowPrivateNetwork', 'browser.ssrfPolicy.dangerouslyAllowPrivateNetwork'],
  ['tools.web.search.brave', 'plugins.entries.brave.config.webSearch'],
  ['tools.web.search.exa', 'plugins.entries.exa.config.webSearch'],
  ['tools.web.search.firecrawl', 'plugins.entries.firecrawl.config.webSearch'],
  ['tools.web.search.gemini', 'plugins.entries.google.config.webSearch'],
  ['tools.web.search.grok', 'plugins.entries.xai.config.webSearch'],
  ['tools.web.search.kimi', 'plugins.entries.moonshot.config.webSearch'],
  ['tools.web.search.minimax', 'plugins.entries.minimax.config.webSearch'],
  ['tools.web.search.perplexity', 'plugins.entries.perplexity.config.webSearch'],
  ['tools.web.search.tavily', 'plugins.entries.tavily.config.webSearch'],
  ['tools.web.fetch.firecrawl', 'plugins.entries.firecrawl.config.webFetch'],
]

const channels = ['whatsapp', 'telegram', 'discord', 'slack', 'signal', 'imessage', 'msteams', 'googlechat', 'matrix']

const hostAliases = new Map([
  ['0.0.0.0', 'lan'],
  ['::', 'lan'],
  ['[::]', 'lan'],
  ['*', 'lan'],
  ['127.0.0.1', 'loopback'],
  ['localhost', 'loopback'],
  ['::1', 'loopback'],
  ['[::1]', 'loopback'],
])

// Taken out by OpenClaw's doctor. They stay readable: an older gateway that still obeys them is judged by them.
const retired = [
  'logging.redactSensitive',
  'commands.useAccessGroups',
  'gateway.controlUi.allowInsecureAuth',
  'gateway.tailscale.resetOnExit',
  'gateway.webchat',
  'channels.webchat',
]

// The root of OpenClaw 2026.9.6's schema.
const rootKeys = new Set(
  (
    '$schema meta env wizard diagnostics logging update telemetry browser ui secrets auth accessGroups acp models nodeHost agents ' +
    'worktreeRoot worktreeAcceleration tools security bindings broadcast attachments messages tts commands approvals session cron ' +
    'transcripts hooks channels discovery talk gateway cloudWorkers desktop memory mcp skills plugins surfaces proxy'
  ).split(' '),
)

// Sections of versions since 2026.1 that were moved elsewhere or dropped: an older gateway still reads them.
const formerRoots = new Set(['agent', 'audio', 'bridge', 'canvasHost', 'identity', 'media', 'node', 'routing', 'systemAgent', 'web'])

function perSession(scope: unknown, root: unknown): unknown {
  const before = valueAt(root, ['agents', 'defaults', 'sandbox', 'perSession'])
  return scope === undefined && typeof before === 'boolean' ? (before ? 'session' : 'shared') : scope
}

class Moving {
  readonly root: Record<string, unknown>
  readonly origins: Origin[]
  readonly problems: { at: string; message: string }[] = []

  constructor(root: Record<string, unknown>, origins: readonly Origin[]) {
    this.root = root
    this.origins = [...origins]
  }

  move(from: readonly string[], to: readonly string[]): void {
    const value = valueAt(this.root, from)
    if (value === undefined) return
    remove(this.root, from)
    // What is empty now was there for what stood in it.
    for (let above = from.slice(0, -1); above.length > 0 && isEmpty(valueAt(this.root, above)); above = above.slice(0, -1)) remove(this.root, above)
    this.put(from, to, value)
    this.problems.push({ at: from.join('.'), message: `an older name of ${to.join('.')}` })
  }

  /** A list where an object is expected now: OpenClaw refuses it, what it means can still be judged. */
  listed(from: readonly string[], to: readonly string[]): void {
    const value = valueAt(this.root, from)
    if (!Array.isArray(value)) return
    remove(this.root, from)
    this.put(from, to, value)
    this.problems.push({ at: from.join('.'), message: `a list, the form of ${to.join('.')} from before` })
  }

  /** A list of things with names, where they are keys now. */
  named(at: readonly string[]): void {
    const value = valueAt(this.root, at)
    if (!Array.isArray(value)) return
    remove(this.root, at)
    for (const [i, item] of value.entries()) this.put([...at, String(i)], [...at, nameOf(item) ?? String(i)], item)
    this.problems.push({ at: at.join('.'), message: 'a list, the form from before' })
  }

  /** One key for whichever provider: Brave, which was the only one when there was one key. */
  oneWebSearchKey(): void {
    const provider = valueAt(this.root, ['tools', 'web', 'search', 'provider'])
    const plugin = typeof provider === 'string' ? provider : 'brave'
    this.move(['tools', 'web', 'search', 'apiKey'], ['plugins', 'entries', plugin, 'config', 'webSearch', 'apiKey'])
  }

  translate(at: readonly string[], into: (value: unknown, root: unknown) => unknown): void {
    const value = valueAt(this.root, at)
    const modern = into(value, this.root)
    if (modern === value) return
    set(this.root, at, modern)
    this.problems.push({ at: at.join('.'), message: `an older way to say ${String(modern)}` })
  }

  name(at: readonly string[], message: string): void {
    if (valueAt(this.root, at) !== undefined) this.problems.push({ at: at.join('.'), message })
  }

  private put(from: readonly string[], to: readonly string[], value: unknown): void {
    const present = valueAt(this.root, to)
    if (isRecord(present) && isRecord(value)) {
      for (const [key, inner] of Object.entries(value)) this.put([...from, key], [...to, key], inner)
      return
    }
    if (present !== undefined || !set(this.root, to, value)) return
    const origin = originOf(this.origins, from)
    const inside = this.origins.filter(({ at }) => at.length > from.length && startsWith(at, from))
    this.origins.push({ ...origin, at: to }, ...inside.map((part) => ({ ...part, at: [...to, ...part.at.slice(from.length)] })))
  }
}

function nameOf(item: unknown): string | null {
  const name: unknown = isRecord(item) ? (item['name'] ?? item['id']) : null
  return typeof name === 'string' && name !== '' ? name : null
}

function isEmpty(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0
}

function recordAt(root: unknown, at: readonly string[]): Record<string, unknown> {
  const value = valueAt(root, at)
  return isRecord(value) ? value : {}
}

/** @returns false where something that is no object is in the way */
function set(root: Record<string, unknown>, at: readonly string[], value: unknown): boolean {
  let here = root
  for (const key of at.slice(0, -1)) {
    if (!Object.hasOwn(here, key)) here[key] = {}
    const inner = here[key]
    if (!isRecord(inner)) return false
    here = inner
  }
  here[at.at(-1)!] = value
  return true
}

function remove(root: Record<string, unknown>, at: readonly string[]): void {
  const parent = at.length === 1 ? root : valueAt(root, at.slice(0, -1))
  if (isRecord(parent)) delete parent[at.at(-1)!]
}
