import type { PluginsInstalledFacts } from '../facts/plugins-installed.ts'
import type { SkillsInstalledFacts } from '../facts/skills-installed.ts'
import { isLoopback, type SocketsFacts } from '../facts/sockets.ts'
import type { EntryPoint } from './model.ts'

/** What was found on the machine beside the configuration; `null` where nobody could look. */
export interface Found {
  skills: SkillsInstalledFacts | null
  plugins: PluginsInstalledFacts | null
  sockets: SocketsFacts | null
}

/** Ways in that no line of the configuration names: skills and plugins that lie in a folder, programs that listen. */
export function foundEntries({ skills, plugins, sockets }: Found, configured: readonly EntryPoint[]): EntryPoint[] {
  const named = new Set(configured.map(({ at }) => at))
  const ports = new Set(configured.filter(({ kind }) => kind === 'port' || kind === 'door').map(({ name }) => /\d+$|\d+(?=,)/.exec(name)?.[0]))
  return [
    ...(skills?.skills ?? []).filter(({ name }) => !named.has(`skills.entries.${name}`)).map(({ name, path }) => skillEntry(name, path)),
    ...(plugins?.plugins ?? []).filter(({ id }) => !named.has(`plugins.entries.${id}`)).map(({ id, path }) => pluginEntry(id, path)),
    ...listeners(sockets).filter(({ port }) => !ports.has(String(port))).map(portEntry),
  ]
}

function skillEntry(name: string, path: string): EntryPoint {
  return {
    id: `skill:${path}`, kind: 'skill', name: `skill ${name}`, policy: 'lies in a folder, is picked up', at: path, boundary: 'clawhub-system', likelihood: 3,
    threat: 'its text or scripts take over the agent that loads it', reaches: ['host', 'keys', 'memory'], surfaces: ['tool-call', 'sandbox', 'egress', 'kernel'],
  }
}

function pluginEntry(id: string, path: string): EntryPoint {
  return {
    id: `plugin:${path}`, kind: 'plugin', name: `plugin ${id}`, policy: 'lies in a folder, is picked up', at: path, boundary: 'clawhub-system', likelihood: 3,
    threat: 'it runs inside the gateway and does what it likes', reaches: ['keys', 'host', 'transcripts', 'memory'], surfaces: ['egress', 'kernel'],
  }
}

interface Listener {
  protocol: string
  port: number
  programs: readonly string[]
  addresses: readonly string[]
}

/** One for each port others can reach, whatever addresses and families it listens on. */
function listeners(sockets: SocketsFacts | null): Listener[] {
  const reachable = (sockets?.listening ?? []).filter(({ address }) => !isLoopback(address))
  const byPort = Map.groupBy(reachable, ({ protocol, port }) => `${protocol} ${port}`)
  return [...byPort.values()].map((of) => ({
    protocol: of[0]!.protocol,
    port: of[0]!.port,
    programs: [...new Set(of.flatMap(({ program }) => (program === null ? [] : [program])))],
    addresses: [...new Set(of.map(({ address }) => address))],
  }))
}

function portEntry({ protocol, port, programs, addresses }: Listener): EntryPoint {
  return {
    id: `port:${protocol}:${port}`, kind: 'machine', name: `port ${port}, ${protocol}${programs.length === 0 ? '' : `, ${programs.join(', ')}`}`, policy: `on ${addresses.join(', ')}`,
    // A firewall may keep strangers from it; its checks say so beside it.
    at: `${protocol}:${port}`, boundary: 'external-gateway', likelihood: 3, threat: 'somebody gets onto the machine around OpenClaw', reaches: ['host'], surfaces: [],
    ...(programs.includes('sshd') || port === 22 ? { areas: ['firewall', 'network', 'sshd'] } : {}),
  }
}
