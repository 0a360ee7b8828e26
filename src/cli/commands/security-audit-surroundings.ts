import { accessSync, constants, existsSync } from 'node:fs'
import { join } from 'node:path'
import { HardshellError, messageOf } from '../../base/index.ts'
import { readAdoption } from '../../guard/adoption-record.ts'
import type { Guarded, Suppression } from '../../posture/index.ts'
import type { StatePaths } from '../../guard/paths.ts'
import { pathsFor, readLastStart } from '../guard-access.ts'
import type { Terminal } from '../terminal.ts'
import type { AuditOptions } from './security-audit.ts'

/** What the operator told the audit in `posture.yaml`. */
export interface AuditSettings {
  suppressions: readonly Suppression[]
  historyEntries: number
}

const file = 'posture.yaml'
const defaults: AuditSettings = { suppressions: [], historyEntries: 200 }

/**
 * Reads `posture.yaml` where one may count: a folder that was named, or, for an installation that was found and not
 * named, the usual places. The rules of this machine are not those of files somebody hands over.
 * @throws HardshellError `config.invalid` when a suppression has no reason, owner or end
 */
export async function auditSettings(options: AuditOptions, named: boolean, terminal: Terminal): Promise<AuditSettings> {
  const flag = typeof options['settings'] === 'string' ? options['settings'] : undefined
  const spoken = flag ?? terminal.env['HARDSHELL_CONFIG']
  // Composing the whole configuration costs more than the audit: only where there is something in it.
  if (spoken === undefined && (named || !usualFolders(terminal).some((folder) => existsSync(join(folder, file))))) return defaults
  const { configDisk, findConfig, formatProblem, loadConfig } = await import('../../config/index.ts')
  const found = await findConfig({ flag, env: terminal.env, cwd: terminal.cwd, home: terminal.env['HOME'] ?? null }, configDisk)
  const { config, problems } = await loadConfig(found?.directory ?? null)
  const ours = problems.filter((problem) => problem.file.endsWith(file))
  if (ours.length > 0) {
    throw new HardshellError('config.invalid', `the settings of the audit have mistakes\n${ours.map((problem) => `  ${formatProblem(problem)}`).join('\n')}`, { hint: `correct the lines above, then run \`hardshell config check --config ${found?.directory ?? ''}\`` })
  }
  if (problems.length > 0) {
    terminal.err(`nothing is suppressed: the configuration in ${found?.directory ?? ''} has mistakes (hardshell config check)`)
    return defaults
  }
  return { suppressions: config.posture.suppressions, historyEntries: config.posture.history_entries }
}

/** The installation the guard on this machine stands before, its own or an adopted one. */
export async function guardedHere(options: AuditOptions, terminal: Terminal): Promise<Guarded[]> {
  const paths = pathsFor(stateOf(options), terminal)
  const adoption = readAdoptionOf(paths.adoption, terminal)
  const own = existsSync(paths.openclawConfigFile)
  if (adoption === null && !own) return []
  const guard = { configDir: lastSettings(paths) ?? configFolder(terminal), stateDir: paths.root }
  if (adoption === null) return [{ config: paths.openclawConfigFile, stateDir: paths.openclawState, home: paths.openclawHome, guard }]
  const { configFile, stateDirectory, home } = adoption.installation
  return [{ config: configFile, stateDir: stateDirectory, home, guard }]
}

/** Where earlier audits are remembered: in the guard's own folder where there is one, and elsewhere only when asked. */
export function historyFile(options: AuditOptions, named: boolean, terminal: Terminal): string | null {
  const { guard } = pathsFor(stateOf(options), terminal)
  const path = join(guard, 'posture-history.jsonl')
  if (options['remember'] === true) return path
  return !named && isWritable(guard) ? path : null
}

function readAdoptionOf(path: string, terminal: Terminal): ReturnType<typeof readAdoption> {
  try {
    return readAdoption(path)
  } catch (error) {
    terminal.err(`cannot read ${path}, so an adopted installation is not known: ${messageOf(error)}`)
    return null
  }
}

// What findConfig looks through; `HARDSHELL_CONFIG` stands before all of them.
function usualFolders({ cwd, env }: Terminal): string[] {
  return [join(cwd, '.openclaw'), '/etc/openclaw', ...(env['HOME'] ? [join(env['HOME'], '.openclaw')] : [])]
}

/** Where the last start found its YAML files; `null` when it found none, or never was. */
function lastSettings(paths: StatePaths): string | null {
  try {
    const settings = readLastStart(paths)?.settings
    return typeof settings === 'string' && existsSync(settings) ? settings : null
  } catch {
    return null
  }
}

/** The folder of the guard's YAML files; where there are none, the one they would be put in. */
function configFolder(terminal: Terminal): string {
  const named = terminal.env['HARDSHELL_CONFIG']
  if (named) return named
  const names = ['config.yaml', 'network.yaml', 'api.yaml', 'maintenance.yaml', 'monitoring.yaml', 'incident-response.yaml', file]
  const found = usualFolders(terminal).find((folder) => names.some((name) => existsSync(join(folder, name))))
  return found ?? '/etc/openclaw'
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

function stateOf({ state }: AuditOptions): { state?: string } {
  return typeof state === 'string' ? { state } : {}
}
