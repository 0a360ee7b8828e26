import { join } from 'node:path'
import type { AuditSink } from '../auditlog/index.ts'
import { HardshellError, systemClock, type Listen } from '../base/index.ts'
import type { Config } from '../config/index.ts'
import { sandboxUsers, type OverlaySandbox } from '../openclaw/index.ts'
import { defaultCell, describeLayers, inside, openSandbox, serveSandbox, verifyContainers, type ContainerEngine, type Sandbox } from '../sandbox/index.ts'
import type { UserId } from './gateway-user.ts'
import type { StatePaths } from './paths.ts'

/** Where the tools of this installation run, and whether that stands. */
export interface GuardSandbox {
  /** Told to OpenClaw. */
  overlay: OverlaySandbox
  /** The machine could not do what the settings ask for: agents get no shell and no files then. */
  missing: boolean
  boundary: { id: 'sandbox'; stands: boolean; detail: string; hint?: string }
  /** Ours, when it is ours; and what OpenClaw starts to reach it. */
  shim: { sandbox: Sandbox; command: string } | null
  /** Says whose sandboxes there are, by OpenClaw's configuration as it is at the start: nobody else gets one. */
  admit(config: unknown): void
  close(): Promise<void>
}

interface Needed {
  paths: StatePaths
  config: Pick<Config, 'sandbox' | 'agents'>
  user: UserId | null
}

/** What the gateway's user starts as `ssh`. */
export function sshCommand({ run }: Pick<StatePaths, 'run'>): string {
  return join(run, 'hardshell-ssh')
}

/**
 * Opens the sandbox the settings ask for. A machine that cannot have it still gets its guard: then no agent gets a shell
 * or the file tools, the screen and the log say why, and the operator's way out is a word in the settings.
 */
export async function openGuardSandbox(input: Needed, ports: { audit: AuditSink; egress(): Listen; proxyCredential(agentId: string): string | null }): Promise<GuardSandbox> {
  const backend = backendOf(input.config)
  try {
    if (backend === 'off') return uncontained(input, "by the settings: an agent with a shell has the rights, the files and the network of the gateway's user", 'sandbox.backend: shim in config.yaml')
    return backend === 'shim' ? await ourOwn(input, ports) : await containers(input, backend)
  } catch (error) {
    if (!(error instanceof HardshellError)) throw error
    await ports.audit.append({ event_type: 'alert', severity: 'high', rule: 'sandbox.unavailable', reason: `${error.message}; agents get no shell and no file tools`, detail: { hint: error.hint ?? '' } }).catch(() => undefined)
    const { overlay, boundary, ...rest } = uncontained(input, `${error.message}; agents get no shell and no file tools until it is there`, error.hint ?? 'sandbox.backend in config.yaml')
    return { ...rest, overlay, boundary, missing: true }
  }
}

/** What would be told to OpenClaw, tried as at a start. */
export async function foreseeSandbox(input: Needed): Promise<Pick<GuardSandbox, 'overlay' | 'missing'>> {
  const nobody: AuditSink = { append: () => Promise.reject(new Error('nothing is on record before the guard runs')) }
  const sandbox = await openGuardSandbox(input, { audit: nobody, egress: () => ({ host: '127.0.0.1', port: 0 }), proxyCredential: () => null })
  await sandbox.close()
  return sandbox
}

/** Tools that run programs or open files where the agent's tools run. */
export const containedTools: readonly string[] = ['group:runtime', 'group:fs']

/** The way `agents.defaults.sandbox` of the guides goes first: who switches it off there means it. */
function backendOf({ sandbox, agents }: Needed['config']): 'shim' | 'docker' | 'podman' | 'off' {
  const { mode, backend } = agents.defaults.sandbox ?? {}
  if (mode === 'off') return 'off'
  return backend === undefined ? sandbox.backend : backend === 'ssh' ? 'shim' : backend
}

async function ourOwn({ paths, config, user }: Needed, ports: Parameters<typeof openGuardSandbox>[1]): Promise<GuardSandbox> {
  const sandbox = await openSandbox(
    { root: paths.sandbox, settings: config.sandbox },
    {
      clock: systemClock,
      egress: ports.egress,
      proxyCredential: ports.proxyCredential,
      onLimit: (cell, why) => void ports.audit.append({ event_type: 'alert', severity: 'warning', agent_id: cell, rule: 'sandbox.limit', reason: `a program in the sandbox was ended: ${why}` }).catch(() => undefined),
    },
  )
  const served = await serveSandbox(sandbox, { folder: paths.run, owner: user }, strangerTeller(ports.audit)).catch(async (error: unknown) => {
    await sandbox.close()
    throw error
  })
  const { scope, workspaceAccess } = shape(config, 'rw')
  return {
    overlay: { backend: 'ssh', scope, workspaceAccess, sshCommand: served.command, workspaceRoot: inside.workspaces },
    missing: false,
    boundary: { id: 'sandbox', stands: true, detail: `tools of agents run in a sandbox: ${describeLayers(sandbox.layers)}` },
    shim: { sandbox, command: served.command },
    // Who has no entry yet asks for `default` or, where there are none at all, for `main`.
    admit: (openclaw) => served.admit([...sandboxUsers(openclaw), defaultCell, 'main', proofCell]),
    close: async () => {
      await served.close()
      await sandbox.close()
    },
  }
}

async function containers({ paths, config, user }: Needed, engine: ContainerEngine): Promise<GuardSandbox> {
  const { scope, workspaceAccess } = shape(config, 'rw')
  const { docker, detail } = await verifyContainers(engine, config.sandbox, { user, home: paths.openclawHome, run: paths.run })
  return { overlay: { backend: engine, scope, workspaceAccess, docker }, missing: false, boundary: { id: 'sandbox', stands: true, detail }, shim: null, admit: () => undefined, close: async () => undefined }
}

// One line for each name: who invents them does so by the thousand.
function strangerTeller(audit: AuditSink): (name: string) => void {
  const told = new Set<string>()
  return (name) => {
    if (told.size >= maxStrangers || told.has(name)) return
    told.add(name)
    void audit.append({ event_type: 'alert', severity: 'high', rule: 'sandbox.stranger', reason: `the gateway asked for a sandbox of ${name}, whom its configuration does not name; refused` }).catch(() => undefined)
  }
}

const maxStrangers = 20

/** The sandbox proofs are made in: no agent's files are at stake, and a proof's are no agent's to meet. */
export const proofCell = 'guard-proof'

function shape({ agents }: Pick<Config, 'agents'>, workspaceAccess: string): { scope: 'session' | 'agent' | 'shared'; workspaceAccess: string } {
  const own = agents.defaults.sandbox
  return { scope: own?.scope ?? 'agent', workspaceAccess: own?.workspaceAccess ?? workspaceAccess }
}

function uncontained({ paths }: Needed, detail: string, hint: string): GuardSandbox {
  return {
    overlay: { backend: 'off', sshCommand: sshCommand(paths) },
    missing: false,
    boundary: { id: 'sandbox', stands: false, detail: `tools of agents are not contained: ${detail}`, hint },
    shim: null,
    admit: () => undefined,
    close: async () => undefined,
  }
}
