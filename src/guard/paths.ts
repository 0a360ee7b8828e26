import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where everything of one guarded installation lies. */
export interface StatePaths {
  root: string
  /** 0700, the guard's own: state, secrets, log, control socket. */
  guard: string
  database: string
  secrets: string
  secretsKey: string
  auditLog: string
  backups: string
  control: string
  operatorToken: string
  /** 0600: where the ingress is and which file holds the token for it; read by the SDK and the command line. */
  connection: string
  /** The gateway's user may enter: the plugin's socket. */
  run: string
  pluginSocket: string
  /** 0700, the guard's own: what agents have in the sandbox. */
  sandbox: string
  /** Owned by the guard, readable by the gateway's user. */
  plugin: string
  openclawConfig: string
  openclawConfigFile: string
  /** The gateway's own. */
  openclawState: string
  openclawHome: string
  openclawWorkspace: string
  gatewayLog: string
  /** A copy of programs the gateway's user could not reach where they are. */
  runtime: string
  /** Counts of OpenClaw's own audit before our first change. */
  auditBefore: string
  /** What `adopt` did, so that `adopt --undo` can take it back. */
  adoption: string
  /** 0700, the guard's own: authority for inspected connections. */
  inspection: string
  /** Certificates the gateway's user and its tools are to trust. */
  trust: string
  /** What `isolate apply` did, so that it can be confirmed, brought back after a restart, and undone. */
  isolation: string
  /** 0700, the guard's own: runs of `harden` and what they replaced. */
  harden: string
  /** 0700, the guard's own: the configuration as it was, each time it changed. */
  snapshots: string
  /** 0700, the guard's own: runs of `upgrade`, with the state and program of before. */
  upgrades: string
  /** Which OpenClaw `upgrade` put in the place of the one that came with us. */
  chosenOpenclaw: string
}

/** `--state`, then `HARDSHELL_STATE`, then `/var/lib/hardshell` for root and `~/.hardshell` for others. */
export function stateRoot(flag: string | undefined, env: NodeJS.ProcessEnv): string {
  const chosen = flag ?? env['HARDSHELL_STATE']
  if (chosen) return resolve(chosen)
  return process.getuid?.() === 0 ? '/var/lib/hardshell' : join(env['HOME'] ?? homedir(), '.hardshell')
}

export function statePaths(root: string): StatePaths {
  const guard = join(root, 'guard')
  const openclaw = join(root, 'openclaw')
  return {
    root,
    guard,
    database: join(guard, 'guard.sqlite'),
    secrets: join(guard, 'secrets.json'),
    secretsKey: join(guard, 'secrets.key'),
    auditLog: join(guard, 'audit', 'audit.log'),
    backups: join(guard, 'backups'),
    control: join(guard, 'control.sock'),
    operatorToken: join(guard, 'operator.token'),
    connection: join(guard, 'connection.json'),
    run: join(root, 'run'),
    pluginSocket: join(root, 'run', 'plugin.sock'),
    sandbox: join(root, 'sandbox'),
    plugin: join(root, 'plugin'),
    openclawConfig: join(openclaw, 'config'),
    openclawConfigFile: join(openclaw, 'config', 'openclaw.json'),
    openclawState: join(openclaw, 'state'),
    openclawHome: join(openclaw, 'home'),
    openclawWorkspace: join(openclaw, 'state', 'workspace'),
    gatewayLog: join(openclaw, 'state', 'gateway.log'),
    runtime: join(root, 'runtime'),
    auditBefore: join(guard, 'openclaw-audit-before.json'),
    adoption: join(guard, 'adoption.json'),
    inspection: join(guard, 'inspection'),
    trust: join(root, 'trust'),
    isolation: join(guard, 'isolation.json'),
    harden: join(guard, 'harden'),
    snapshots: join(guard, 'snapshots'),
    upgrades: join(guard, 'upgrades'),
    chosenOpenclaw: join(guard, 'openclaw-chosen.json'),
  }
}
