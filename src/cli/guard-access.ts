import { existsSync, readFileSync } from 'node:fs'
import { askGuard, type ControlRoute } from '../control/index.ts'
import { statePaths, stateRoot, type StatePaths } from '../guard/paths.ts'
import type { Terminal } from './terminal.ts'

/** The folders of the installation a command is about. */
export function pathsFor(options: { state?: string | boolean | undefined }, terminal: Terminal): StatePaths {
  const flag = typeof options.state === 'string' ? options.state : undefined
  return statePaths(stateRoot(flag, terminal.env))
}

/** Its audit log: where the last start said it is (`audit.log_path` may have moved it), else the usual place. */
export function logPathFor(options: { state?: string | boolean | undefined }, terminal: Terminal): string {
  const paths = pathsFor(options, terminal)
  return readLastStart(paths)?.log ?? paths.auditLog
}

/** What the last start said of itself; `null` when there never was one. @throws SyntaxError when the file is damaged */
export function readLastStart({ connection }: Pick<StatePaths, 'connection'>): { log?: string; settings?: string | null } | null {
  return existsSync(connection) ? (JSON.parse(readFileSync(connection, 'utf8')) as { log?: string; settings?: string | null }) : null
}

/** Asks the running guard of that installation. @throws HardshellError `control.unreachable` */
export async function ask<T>(options: { state?: string | boolean | undefined }, terminal: Terminal, route: ControlRoute, body: object = {}, timeoutMs?: number): Promise<T> {
  return (await askGuard(pathsFor(options, terminal).control, route, body, timeoutMs)) as T
}

/** Who gives the command, for the log: the person behind sudo where there is one. */
export function operatorName(env: NodeJS.ProcessEnv): string {
  return env['SUDO_USER'] ?? env['USER'] ?? env['LOGNAME'] ?? `uid ${process.getuid?.() ?? 'unknown'}`
}
