import { HardshellError } from '../base/index.ts'
import { openclawEnvironment, readSecurityAudit, type SecurityAudit } from '../openclaw/index.ts'
import type { UserId } from './gateway-user.ts'
import { runToEnd, type Launch } from './launch.ts'
import type { StatePaths } from './paths.ts'
import type { Programs } from './programs.ts'

/** Where one OpenClaw installation keeps its things. */
export interface Installation {
  configFile: string
  stateDirectory: string
  home: string
}

export function privateInstallation(paths: StatePaths): Installation {
  return { configFile: paths.openclawConfigFile, stateDirectory: paths.openclawState, home: paths.openclawHome }
}

/** How the gateway is started: by our Node, with an environment made for it and nothing of ours in it. */
export function gatewayTask(programs: Programs, installation: Installation, port: number, user: UserId | null): Omit<Launch, 'stdio'> {
  return {
    program: programs.node,
    args: [programs.openclaw.entry, 'gateway', 'run', '--port', String(port)],
    env: environmentOf(installation),
    cwd: installation.stateDirectory,
    user,
  }
}

/** OpenClaw's own `security audit` on an installation. @throws HardshellError `openclaw.not-found` when it gives no verdict */
export async function runSecurityAudit(programs: Programs, installation: Installation, user: UserId | null, signal: AbortSignal): Promise<SecurityAudit> {
  const task = { program: programs.node, args: [programs.openclaw.entry, 'security', 'audit', '--json'], env: environmentOf(installation), cwd: '/', user }
  try {
    return readSecurityAudit(await runToEnd(task, { timeoutMs: 60_000, signal }))
  } catch (cause) {
    if (cause instanceof HardshellError) throw cause
    throw new HardshellError('openclaw.not-found', 'openclaw security audit did not run to its end', { cause })
  }
}

/** Has OpenClaw judge a configuration by its own schema. @throws with its words when it does not accept it */
export async function checkOpenClawConfig(programs: Programs, installation: Installation, user: UserId | null): Promise<void> {
  const args = [programs.openclaw.entry, 'config', 'validate']
  await runToEnd({ program: programs.node, args, env: environmentOf(installation), cwd: '/', user }, { timeoutMs: 60_000 })
}

function environmentOf({ configFile, stateDirectory, home }: Installation): Record<string, string> {
  return openclawEnvironment({ configFile, stateDirectory, home, compileCache: `${home}/.node-compile-cache` })
}
