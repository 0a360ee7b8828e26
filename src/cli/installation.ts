import { existsSync } from 'node:fs'
import type { ConfigPaths } from '../backup/index.ts'
import { HardshellError, messageOf } from '../base/index.ts'
import type { SnapshotPlace } from '../guard/config-snapshots.ts'
import { readAdoption } from '../guard/adoption-record.ts'
import { ask, operatorName, pathsFor, readLastStart } from './guard-access.ts'
import type { Terminal } from './terminal.ts'

/** Options of a command about one guarded installation. */
export interface InstallationOptions {
  state?: string | boolean | undefined
  config?: string | boolean | undefined
}

/** Whose configuration this is about: an adopted installation's or the private profile's, and our own YAML beside it. */
export async function snapshotPlaceOf(options: InstallationOptions, terminal: Terminal): Promise<SnapshotPlace & { files: ConfigPaths }> {
  const [{ configPaths }, { configDisk, findConfig, loadConfig }] = await Promise.all([import('../guard/config-snapshots.ts'), import('../config/index.ts')])
  const paths = pathsFor(options, terminal)
  const settings = await settingsFolder()
  const { config } = await loadConfig(settings)
  const place = { paths, configFile: readAdoption(paths.adoption)?.installation.configFile ?? paths.openclawConfigFile, settings, keep: config.backup.snapshots.keep }
  return { ...place, files: configPaths(place) }

  async function settingsFolder(): Promise<string | null> {
    if (typeof options.config === 'string') return (await findConfig({ flag: options.config, env: terminal.env, cwd: terminal.cwd, home: null }, configDisk))!.directory
    const last = readLastStart(paths)?.settings
    if (typeof last === 'string' && existsSync(last)) return last
    return (await findConfig({ flag: undefined, env: terminal.env, cwd: terminal.cwd, home: terminal.env['HOME'] ?? null }, configDisk))?.directory ?? null
  }
}

/** @throws HardshellError `guard.already-running` where a guard answers on this state */
export async function refuseRunningGuard(what: string, options: InstallationOptions, terminal: Terminal): Promise<void> {
  try {
    await ask(options, terminal, 'status', {}, 3000)
  } catch (error) {
    if (error instanceof HardshellError && error.code === 'control.unreachable') return
    throw error
  }
  throw new HardshellError('guard.already-running', `a guard runs here: ${what}`, { hint: 'stop it (Ctrl-C where it runs, or: systemctl stop hardshell), then the same command, then: hardshell start' })
}

/**
 * Keeps the configuration around a change another command makes. Only where there is a guard to keep it for; what cannot
 * be kept is told and stops nothing: the command has a way back of its own.
 */
export async function rememberConfig(why: string, options: Pick<InstallationOptions, 'state'>, terminal: Terminal): Promise<void> {
  if (!existsSync(pathsFor(options, terminal).guard)) return
  try {
    const { keepConfig } = await import('../guard/config-snapshots.ts')
    await keepConfig(await snapshotPlaceOf({ state: options.state }, terminal), { why, by: operatorName(terminal.env), cause: 'ours' })
  } catch (error) {
    terminal.err(`no snapshot of the configuration was kept: ${messageOf(error)}`)
  }
}
