import { HardshellError } from '../base/index.ts'
import { valueAt } from './json5-edit.ts'

/**
 * Where tools run, in OpenClaw's words (docs, gateway/sandboxing). `off`: where OpenClaw runs them by itself; then only
 * what we wrote before is taken back, and what an operator wrote stays.
 */
export type OverlaySandbox =
  | { backend: 'off'; sshCommand: string }
  | { backend: 'ssh'; scope: SandboxScope; workspaceAccess: string; sshCommand: string; workspaceRoot: string }
  | { backend: 'docker' | 'podman'; scope: SandboxScope; workspaceAccess: string; docker: Readonly<Record<string, unknown>> }

type SandboxScope = 'session' | 'agent' | 'shared'
type Wanted = readonly [at: readonly string[], to: unknown]

const defaults = ['agents', 'defaults', 'sandbox']

/**
 * What has to stand in the configuration for tools to run there, for all agents and for each that has an entry.
 * @throws HardshellError `openclaw.agent-id-reserved` when an agent would share a sandbox that is the guard's or everybody's
 */
export function sandboxOverlay(config: unknown, sandbox: OverlaySandbox): Wanted[] {
  return sandbox.backend === 'off' ? takenBack(config, sandbox.sshCommand) : [...contained(config, sandbox), ...entries(config, sandbox), ...tools(config)]
}

function contained(config: unknown, sandbox: Exclude<OverlaySandbox, { backend: 'off' }>): Wanted[] {
  const { backend, scope, workspaceAccess } = sandbox
  // Without entries there is one agent, `main`; it keeps its sandbox when others join it. With entries this is the
  // sandbox of whoever has none yet, apart from everybody's.
  const unnamed = Object.keys(objectOf(valueAt(config, ['agents', 'entries']))).length === 0 ? 'main' : 'default'
  const own = sandbox.backend === 'ssh' ? ({ ssh: sshOptions(sandbox, unnamed) } as const) : { docker: sandbox.docker }
  // A container of the browser's has a network, and mounts, of its own.
  const { browser: _browser, ...kept } = objectOf(valueAt(config, defaults))
  return [[defaults, { ...kept, mode: 'all', backend, scope, workspaceAccess, ...own }]]
}

// An entry of its own beats the defaults: none may say less, and each is told apart by the user it logs in as.
function entries(config: unknown, sandbox: Exclude<OverlaySandbox, { backend: 'off' }>): Wanted[] {
  return Object.keys(objectOf(valueAt(config, ['agents', 'entries']))).flatMap((id): Wanted[] => {
    const at = ['agents', 'entries', id, 'sandbox']
    const { docker: _docker, ssh: _ssh, browser: _browser, ...kept } = objectOf(valueAt(config, at))
    if (reserved.has(id.toLowerCase())) {
      throw new HardshellError('openclaw.agent-id-reserved', `agents.entries.${id}: an agent cannot have this id, its sandbox would not be its own`, { hint: `rename the agent ${id} in openclaw.json` })
    }
    const own = sandbox.backend === 'ssh' ? { ssh: { target: target(id) } } : {}
    const exec = ['agents', 'entries', id, 'tools', 'exec', 'host']
    return [
      [at, { ...kept, mode: 'all', backend: sandbox.backend, scope: sandbox.scope, ...own }],
      ...(valueAt(config, exec) === undefined ? [] : [[exec, 'sandbox'] as const]),
    ]
  })
}

// The sandbox of agents without an entry, the one proofs are made in, and the one a start tries (docs/sandbox.md).
const reserved = new Set(['default', 'guard-proof', 'guard-trial'])

function sshOptions({ sshCommand, workspaceRoot }: Extract<OverlaySandbox, { backend: 'ssh' }>, user: string): object {
  // There is no host, no key and no network behind the command: it reaches the guard on this machine.
  return { target: target(user), command: sshCommand, workspaceRoot, strictHostKeyChecking: false, updateHostKeys: false }
}

function target(user: string): string {
  return `${user}@hardshell-sandbox:22`
}

/** The names under which a configuration with our overlay asks for sandboxes: those of its agents, and of whoever has no entry. */
export function sandboxUsers(config: unknown): string[] {
  const agents = objectOf(valueAt(config, ['agents', 'entries']))
  const places = [defaults, ...Object.keys(agents).map((id) => ['agents', 'entries', id, 'sandbox'])]
  return places.flatMap((at) => {
    const to = valueAt(config, [...at, 'ssh', 'target'])
    return typeof to === 'string' && to === target(to.split('@')[0]!) ? [to.split('@')[0]!] : []
  })
}

// In a sandbox OpenClaw hides every tool that does not run in it, the one that answers messages included. What agents may
// use is decided by `tools.profile` and `tools.deny`; kept away here are those that run programs somewhere else.
const elsewhere = ['browser', 'canvas', 'computer', 'mobile_ui', 'nodes', 'gateway']

function tools(config: unknown): Wanted[] {
  const own = valueAt(config, ['tools', 'sandbox', 'tools'])
  return [[['tools', 'exec', 'host'], 'sandbox'], ...(own === undefined ? [[['tools', 'sandbox', 'tools'], { allow: ['*'], deny: elsewhere }] as const] : [])]
}

function takenBack(config: unknown, sshCommand: string): Wanted[] {
  if (valueAt(config, [...defaults, 'ssh', 'command']) !== sshCommand) return []
  const named = Object.keys(objectOf(valueAt(config, ['agents', 'entries'])))
  return [
    [defaults, { mode: 'off' }],
    [['tools', 'exec', 'host'], 'auto'],
    ...named.map((id): Wanted => [['agents', 'entries', id, 'sandbox'], { mode: 'off' }]),
  ]
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
