import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { repository, runToEnd, type Ended } from '../journeys/command.ts'
import { gatewayUid, type Installation } from '../journeys/installation.ts'

/**
 * Runs a program of ours where an agent with a shell would stand: as the gateway's user, without its plugin.
 * @param args end up in `process.argv` from index 1 on
 */
export async function asGateway(installation: Installation, program: string, args: readonly string[] = []): Promise<Ended> {
  return await runAsGateway(installation, [nodeFor(installation), '-e', program, ...args])
}

/** Runs OpenClaw's own command line as the gateway's user, on the gateway's configuration. */
export async function openclawAsGateway(installation: Installation, args: readonly string[]): Promise<Ended> {
  const env = {
    OPENCLAW_STATE_DIR: join(installation.state, 'openclaw/state'),
    OPENCLAW_CONFIG_PATH: join(installation.state, 'openclaw/config/openclaw.json'),
    OPENCLAW_CONFIG_READONLY: '1',
    OPENCLAW_HIDE_BANNER: '1',
  }
  return await runAsGateway(installation, [nodeFor(installation), openclawFor(installation), ...args], env)
}

async function runAsGateway(installation: Installation, command: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const uid = String(gatewayUid(installation))
  const home = join(installation.state, 'openclaw/home')
  return await runToEnd('setpriv', ['--reuid', uid, '--regid', uid, '--clear-groups', '--', ...command], { env: { HOME: home, ...env } })
}

// The guard lays copies of what the gateway's user could not reach into `runtime`; else the originals are used.
function nodeFor({ state }: Installation): string {
  return staged(state, 'node-', 'node') ?? process.execPath
}

function openclawFor({ state }: Installation): string {
  return staged(state, 'openclaw-', 'node_modules/openclaw/openclaw.mjs') ?? join(repository, 'node_modules/openclaw/openclaw.mjs')
}

function staged(state: string, prefix: string, file: string): string | null {
  const runtime = join(state, 'runtime')
  const folder = existsSync(runtime) ? readdirSync(runtime).find((name) => name.startsWith(prefix)) : undefined
  return folder === undefined ? null : join(runtime, folder, file)
}
