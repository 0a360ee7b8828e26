import { judgeLists, type EgressRules } from './rules.ts'
import { gatewayIdentity } from './identity.ts'
import { formatTarget, parseAuthority, type Target } from './target.ts'

/** A host the installation itself asks for, through this proxy. */
export interface Need {
  host: string
  port: number
  /** The setting of openclaw.json it comes from: `channels.telegram`. */
  why: string
}

/**
 * Hosts of the channels OpenClaw 2026.9.6 has; a channel with an address of its own in the configuration needs that
 * instead. Source: documentation of each service's API.
 */
const channelHosts: Readonly<Record<string, readonly string[]>> = {
  telegram: ['api.telegram.org'],
  discord: ['discord.com', 'gateway.discord.gg'],
  slack: ['slack.com', 'wss-primary.slack.com'],
  whatsapp: ['web.whatsapp.com'],
  line: ['api.line.me'],
  googlechat: ['chat.googleapis.com', 'oauth2.googleapis.com'],
  msteams: ['login.microsoftonline.com', 'smba.trafficmanager.net'],
  feishu: ['open.feishu.cn'],
  zalo: ['bot-api.zaloplatforms.com'],
  twitch: ['id.twitch.tv'],
}

// Where a channel, a tool or an MCP server of the configuration has its service: settings under these names.
const addressKeys = new Set(['apiRoot', 'apiUrl', 'apiBase', 'baseUrl', 'homeserver', 'serverUrl', 'url', 'endpoint'])

const searchHosts: Readonly<Record<string, string>> = {
  brave: 'api.search.brave.com',
  perplexity: 'api.perplexity.ai',
  tavily: 'api.tavily.com',
  exa: 'api.exa.ai',
  firecrawl: 'api.firecrawl.dev',
}

/**
 * What the gateway needs of the way out, by its configuration. Model providers are not among it: they are reached
 * through the model proxy, and what the guard itself asks (stores of secrets, alerts) does not pass this proxy.
 * @param openclaw openclaw.json as it was read; attacker-controlled where OpenClaw's user may write it
 */
export function installationNeeds(openclaw: unknown): Need[] {
  const needs: Need[] = []
  for (const [name, channel] of Object.entries(mapAt(openclaw, 'channels'))) {
    if (!isOn(channel) || name === 'defaults') continue
    const own = addressesIn(channel)
    const hosts = own.length > 0 ? own : (channelHosts[name] ?? []).map((host) => `https://${host}`)
    needs.push(...hosts.flatMap((url) => needOf(url, `channels.${name}`)))
  }
  for (const [name, server] of Object.entries(mapAt(mapAt(openclaw, 'mcp'), 'servers'))) {
    if (isOn(server)) needs.push(...addressesIn(server).flatMap((url) => needOf(url, `mcp.servers.${name}`)))
  }
  const search = mapAt(mapAt(mapAt(openclaw, 'tools'), 'web'), 'search')
  const provider = searchHosts[String(search['provider'])]
  if (provider !== undefined && isOn(search)) needs.push(...needOf(`https://${provider}`, 'tools.web.search'))
  return needs
}

/** A need the rules do not meet, and whether somebody wrote down that they shall not. */
export interface CutOff extends Need {
  /** `true`: an entry of `denied_hosts` names it. `false`: nobody allowed it. */
  denied: boolean
  reason: string
}

/** What of this the rules would cut off, for the gateway itself. @param without hosts the operator does without */
export function cutOff(needs: readonly Need[], rules: EgressRules, without: readonly string[] = []): CutOff[] {
  return needs.flatMap((need) => {
    if (without.includes(need.host)) return []
    const target: Target = { host: need.host, port: need.port, literal: false }
    const { allow, rule, reason } = judgeLists(target, 'later', rules.layersFor(gatewayIdentity))
    const denied = rule === 'egress.denied-host'
    return allow || (!denied && rules.mode !== 'enforce') ? [] : [{ ...need, denied, reason: `${need.why} needs ${formatTarget(target)}, and ${reason}` }]
  })
}

function needOf(url: string, why: string): Need[] {
  const parsed = URL.parse(url)
  if (parsed === null || !/^(https?|wss?):$/.test(parsed.protocol)) return []
  const port = Number(parsed.port) || (/^(https|wss):$/.test(parsed.protocol) ? 443 : 80)
  const target = parseAuthority(`${parsed.hostname}:${port}`)
  // OpenClaw reaches this machine directly (`proxy.loopbackMode`).
  if (target === null || target.host === 'localhost' || /^127\.|^::1$/.test(target.host)) return []
  return [{ host: target.host, port: target.port, why }]
}

/** Texts under a name that means an address, however deep (accounts of a channel have their own). */
function addressesIn(value: unknown, depth = 0): string[] {
  if (typeof value !== 'object' || value === null || depth > 4) return []
  return Object.entries(value).flatMap(([key, inner]) => (typeof inner === 'string' ? (addressKeys.has(key) ? [inner] : []) : addressesIn(inner, depth + 1)))
}

function isOn(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (value as { enabled?: unknown }).enabled !== false
}

function mapAt(value: unknown, key: string): Record<string, unknown> {
  const inner = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : null
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Record<string, unknown>) : {}
}
