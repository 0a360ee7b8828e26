import { readConfiguration } from '../../guard/prepare.ts'
import { describeLayers, verifyContainers, verifySandbox, type EscapeAttempt } from '../../sandbox/index.ts'
import { gatewayUser } from '../../guard/gateway-user.ts'
import { pathsFor } from '../guard-access.ts'
import type { Terminal } from '../terminal.ts'

/** `hardshell sandbox verify`: every attempt to get out, made from inside, and what came of it. Yes means: all held. */
export async function sandboxVerify(options: { json?: unknown; state?: string | boolean; config?: string | boolean }, terminal: Terminal): Promise<number> {
  const { config } = await readConfiguration({ config: typeof options.config === 'string' ? options.config : undefined, env: terminal.env, cwd: process.cwd() })
  const paths = pathsFor(options, terminal)
  if (config.sandbox.backend === 'docker' || config.sandbox.backend === 'podman') {
    const { detail } = await verifyContainers(config.sandbox.backend, config.sandbox, { user: gatewayUser(paths.root), home: paths.openclawHome, run: paths.run })
    terminal.out(options.json === true ? JSON.stringify({ ok: true, backend: config.sandbox.backend, detail }, null, 2) : detail)
    return 0
  }
  if (options.json !== true) terminal.err('trying to get out of a sandbox, about 15 seconds …')
  const { layers, attempts } = await verifySandbox(config.sandbox, {
    guardFiles: [paths.guard, paths.database, paths.secrets, paths.secretsKey, paths.operatorToken, paths.auditLog],
    gatewayFiles: [paths.openclawConfigFile, paths.openclawState, paths.openclawHome],
    sockets: [paths.control, paths.pluginSocket, `${paths.run}/sandbox.sock`],
  })
  const ok = attempts.length > 0 && attempts.every(({ result }) => result === 'held')
  terminal.out(options.json === true ? JSON.stringify({ ok, backend: 'shim', layers, attempts }, null, 2) : table(attempts, describeLayers(layers), terminal))
  return ok ? 0 : 1
}

function table(attempts: readonly EscapeAttempt[], layers: string, { paint }: Terminal): string {
  const width = Math.max(0, ...attempts.map(({ id }) => id.length))
  const marks = { held: paint('green', '✓'), escaped: paint('red', '✗'), unknown: paint('yellow', '?') }
  const lines = attempts.map(({ id, result, detail }) => `  ${marks[result]} ${id.padEnd(width)}  ${result === 'held' ? '' : `${result}: `}${detail}`)
  const count = (wanted: EscapeAttempt['result']): number => attempts.filter(({ result }) => result === wanted).length
  return [...lines, '', `  ${count('held')} held, ${count('escaped')} escaped, ${count('unknown')} unknown`, `  ${layers}`].join('\n')
}
