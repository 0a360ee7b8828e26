import { isRecord } from '../base/index.ts'
import { entriesAt } from './config-values.ts'
import type { ConfigFacts } from './facts/config.ts'

/** An MCP server that is not switched off. */
export interface McpServer {
  name: string
  at: readonly string[]
  settings: Readonly<Record<string, unknown>>
  /** Program and arguments, empty for one that is reached over HTTP. */
  command: readonly string[]
}

/** Every enabled server of `mcp.servers`. */
export function mcpServers(config: Pick<ConfigFacts, 'value'>): McpServer[] {
  return entriesAt(config, 'mcp.servers').flatMap(([name, settings]) => {
    if (!isRecord(settings) || settings['enabled'] === false) return []
    const args = Array.isArray(settings['args']) ? settings['args'].filter((arg) => typeof arg === 'string') : []
    const command = typeof settings['command'] === 'string' ? [settings['command'], ...args] : []
    return [{ name, at: ['mcp', 'servers', name], settings, command }]
  })
}

/** The package a launcher such as `npx -y` fetches, without an exact version; `null` where there is none, or it has one. */
export function unpinnedPackage([program = '', ...args]: readonly string[]): string | null {
  const name = program.split(/[\\/]/).at(-1)!.replace(/\.(?:cmd|exe)$/i, '')
  const words = args.filter((arg) => !arg.startsWith('-'))
  if (name === 'npx' || name === 'bunx') return unlessExact(packageOf(args) ?? words[0])
  if ((name === 'pnpm' || name === 'yarn') && words[0] === 'dlx') return unlessExact(words[1])
  if (name === 'npm' && (words[0] === 'exec' || words[0] === 'x')) return unlessExact(words[1])
  if (name === 'uvx') return unlessExact(valueOfFlag(args, '--from') ?? words[0], /==[\w.]+$|@\d[\w.]*$/)
  if (name === 'pipx' && words[0] === 'run') return unlessExact(valueOfFlag(args, '--spec') ?? words[1], /==[\w.]+$/)
  if ((name === 'docker' || name === 'podman') && words[0] === 'run') return null
  return null
}

// Three numbers, as in the rule of OpenClaw's own audit for plugins.
const exactVersion = /@v?\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/

function unlessExact(spec: string | undefined, exact = exactVersion): string | null {
  if (spec === undefined || exact.test(spec)) return null
  // A path is no package that somebody else can replace.
  return /^(?:\.{0,2}\/|~|[A-Za-z]:[\\/]|file:)/.test(spec) ? null : spec
}

function packageOf(args: readonly string[]): string | undefined {
  return valueOfFlag(args, '--package') ?? valueOfFlag(args, '-p')
}

function valueOfFlag(args: readonly string[], flag: string): string | undefined {
  const joined = args.find((arg) => arg.startsWith(`${flag}=`))
  if (joined !== undefined) return joined.slice(flag.length + 1)
  const at = args.indexOf(flag)
  return at === -1 ? undefined : args[at + 1]
}
