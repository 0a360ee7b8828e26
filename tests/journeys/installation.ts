import { spawn } from 'node:child_process'
import { chmodSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askGuard, type Status } from '../../src/control/index.ts'
import { gatewayUser } from '../../src/guard/gateway-user.ts'
import { hardshell, hardshellArgs, type Ended } from './command.ts'
import { freePorts } from './ports.ts'
import { isAlive } from './processes.ts'
import { until } from './wait.ts'

/** One guarded OpenClaw in a folder of its own, on ports of its own. Plain data: it travels between processes. */
export interface Installation {
  root: string
  state: string
  config: string
  log: string
  ports: { ingress: number; model: number; egress: number; gateway: number }
  /** Environment of the guard beside PATH and HOME. */
  env: Record<string, string>
}

/** Makes the folders and the configuration; starts nothing. @param settings more of config.yaml */
export async function newInstallation(name: string, settings = '', env: Record<string, string> = {}): Promise<Installation> {
  const root = mkdtempSync(join(tmpdir(), `hardshell-${name}-`))
  chmodSync(root, 0o711) // the gateway's user passes through
  const [ingress, model, egress, gateway] = (await freePorts(4)) as [number, number, number, number]
  const config = join(root, 'config')
  mkdirSync(config)
  mkdirSync(join(root, 'home'), { mode: 0o700 })
  const state = join(root, 'state')
  const installation: Installation = { root, state, config, log: join(state, 'guard/audit/audit.log'), ports: { ingress, model, egress, gateway }, env }
  writeSettings(installation, settings)
  return installation
}

/** Writes config.yaml and network.yaml anew; they are read at the next start. */
export function writeSettings({ config, ports }: Pick<Installation, 'config' | 'ports'>, settings: string): void {
  const listen = (port: number): string => `127.0.0.1:${port}`
  const models = /^models:\n/m.test(settings) ? settings.replace(/^models:\n/m, `models:\n  listen: ${listen(ports.model)}\n`) : `models:\n  listen: ${listen(ports.model)}\n${settings}`
  writeFileSync(join(config, 'config.yaml'), `server:\n  listen: ${listen(ports.ingress)}\ngateway:\n  port: ${ports.gateway}\n${models}`)
  writeFileSync(join(config, 'network.yaml'), `egress:\n  listen: ${listen(ports.egress)}\n`)
}

/** Starts the guard and returns at once. It outlives whoever called; its pid is kept beside its state. */
export function launchGuard(installation: Installation): number {
  const { root, state, config, env } = installation
  const [command, args] = hardshellArgs(['start', '--json', '--state', state, '--config', config])
  const [out, err] = [openSync(join(root, 'guard.out'), 'w'), openSync(join(root, 'guard.err'), 'a')]
  const child = spawn(command, args, { cwd: root, env: environment(installation, env), stdio: ['ignore', out, err], detached: true })
  child.unref()
  closeSync(out)
  closeSync(err)
  if (child.pid === undefined) throw new Error('the guard could not be started')
  writeFileSync(join(root, 'guard.pid'), String(child.pid))
  return child.pid
}

/** Makes sure that it runs and everything is proven, starting it if need be. @throws with the guard's own words */
export async function ensureProven(installation: Installation, timeoutMs = 150_000): Promise<Status> {
  const pid = guardPid(installation) ?? launchGuard(installation)
  return await until('a guard that is proven', timeoutMs, async () => {
    if (!isAlive(pid)) throw new Error(`the guard ended: ${lastWords(installation)}`)
    const status = await statusOf(installation)
    return status?.ok === true ? status : null
  })
}

/** With `--json` an error is a document on stdout; what went before stands on stderr. */
function lastWords({ root }: Installation): string {
  return ['guard.err', 'guard.out'].map((name) => readFileSync(join(root, name), 'utf8').slice(-600)).join('\n')
}

/** What the guard says of itself, or `null` when none answers. */
export async function statusOf({ state }: Installation): Promise<Status | null> {
  return (await askGuard(join(state, 'guard/control.sock'), 'status', {}, 5000).catch(() => null)) as Status | null
}

/** The guard's pid, or `null` when it does not run. */
export function guardPid({ root }: Installation): number | null {
  const file = join(root, 'guard.pid')
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : null
  return pid !== null && isAlive(pid) ? pid : null
}

/** Stops the guard in order, as Ctrl-C does, and waits for its end. */
export async function stopGuard(installation: Installation, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  const pid = guardPid(installation)
  if (pid === null) return
  process.kill(pid, signal)
  await until('the end of the guard', 40_000, () => !isAlive(pid)).catch(() => process.kill(pid, 'SIGKILL'))
}

/** Stops it and removes every trace. */
export async function removeInstallation(installation: Installation): Promise<void> {
  await stopGuard(installation)
  rmSync(installation.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}

/** Runs a command of the operator's about this installation. */
export async function command(installation: Installation, args: readonly string[]): Promise<Ended> {
  return await hardshell([...args, '--state', installation.state], { env: { HOME: join(installation.root, 'home') } })
}

/** Environment for a program about this installation. */
export function environment({ root }: Installation, more: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: join(root, 'home'), ...more }
}

/** The user the gateway runs as. @throws when these tests do not run as root: there is no wall to test then */
export function gatewayUid({ state }: Installation): number {
  const user = gatewayUser(state)
  if (!user) throw new Error('run these tests as root: only root can give the gateway a user of its own')
  return user.uid
}
