import { readFileSync } from 'node:fs'
import { writeFile, chmod, chown } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { messageOf } from '../base/index.ts'
import { hiddenSettings, readJson5, sandboxOverlay, valueAt, type OverlaySandbox } from '../openclaw/index.ts'
import { containerSurface, sandboxSurface, type Surface } from '../proof/index.ts'
import { shellWord, tryEscapes, verifyContainers, type SandboxSettings } from '../sandbox/index.ts'
import type { UserId } from './gateway-user.ts'
import { killGroup, launch } from './launch.ts'
import type { StatePaths } from './paths.ts'
import { proofCell, type GuardSandbox } from './sandbox.ts'

interface Proven {
  paths: StatePaths
  user: UserId | null
  sandbox: Pick<GuardSandbox, 'overlay' | 'shim'>
  /** `openclaw.json` of the guarded installation. */
  configFile: string
  settings: SandboxSettings
}

/** The surface of the sandbox: attempts through the real shim where it is ours, else a container of the engine's, both by the real user. */
export function sandboxProofs({ paths, user, sandbox, configFile, settings }: Proven): Surface[] {
  const { overlay } = sandbox
  if (overlay.backend === 'docker' || overlay.backend === 'podman') {
    const tryContainer = async (): Promise<string> => (await verifyContainers(overlay.backend, settings, { user, home: paths.openclawHome, run: paths.run })).detail
    return [containerSurface({ misconfigured: () => misconfigured(configFile, overlay), tryContainer })]
  }
  if (sandbox.shim === null) return []
  const { command } = sandbox.shim
  return [
    sandboxSurface({
      misconfigured: () => misconfigured(configFile, sandbox.overlay),
      tryEscapes: async (only, word, signal) =>
        await tryEscapes((argv, stdin) => throughShim({ command, argv, stdin, run: paths.run, user, signal }), {
          word,
          guardFiles: [paths.guard, paths.database, paths.secretsKey, paths.operatorToken],
          gatewayFiles: [paths.openclawConfigFile, paths.openclawState],
          otherAgent: [paths.sandbox, join(paths.sandbox, 'cells')],
          sockets: [paths.control, paths.pluginSocket],
          uid: user === null ? null : (process.getuid?.() ?? 0),
          limits: { processes: 0, memory: 0, fileSize: 0, openFiles: 0 },
          only,
        }),
    }),
  ]
}

/**
 * The first setting of OpenClaw that is not as the sandbox needs it, or `null`. A file that cannot be read is one. An
 * agent that came since the start and says nothing of its own has the defaults, which contain it.
 */
export function misconfigured(configFile: string, overlay: OverlaySandbox): string | null {
  try {
    const config = readJson5(readFileSync(configFile, 'utf8'))
    const isNewcomer = (at: readonly string[]): boolean => at[1] === 'entries' && valueAt(config, at) === undefined
    const other = sandboxOverlay(config, overlay).find(([at, to]) => !isNewcomer(at) && !sameButTarget(valueAt(config, at), to))
    return hiddenSettings(config) ?? (other ? other[0].join('.') : null)
  } catch (error) {
    return messageOf(error)
  }
}

// With the first entry the defaults are for newcomers, whose sandbox is another: no less contained.
function sameButTarget(present: unknown, wanted: unknown): boolean {
  const blind = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null, (key, inner: unknown) => (key === 'target' ? null : inner)))
  return isDeepStrictEqual(blind(present), blind(wanted))
}

interface ShimCall {
  command: string
  argv: readonly string[]
  stdin: string
  run: string
  user: UserId | null
  signal: AbortSignal
}

/** As OpenClaw does it: `ssh -F FILE -T -o RequestTTY=no HOST COMMAND`. @throws when it fails */
async function throughShim({ command, argv, stdin, run, user, signal }: ShimCall): Promise<string> {
  const config = join(run, 'proof.conf')
  await writeFile(config, `Host openclaw-sandbox\n  User ${proofCell}\n`)
  await chmod(config, 0o640)
  if (user) await chown(config, 0, user.gid)
  const args = ['-F', config, '-T', '-o', 'RequestTTY=no', 'openclaw-sandbox', argv.map(shellWord).join(' ')]
  const child = launch({ program: command, args, env: { PATH: '/usr/bin:/bin' }, cwd: '/', user, stdio: ['pipe', 'pipe', 'pipe'] })
  const stop = (): void => killGroup(child, 'SIGKILL')
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await new Promise((resolve, reject) => {
      const text = { out: '', err: '' }
      child.stdout!.setEncoding('utf8').on('data', (chunk: string) => (text.out = (text.out + chunk).slice(-maxChars)))
      child.stderr!.setEncoding('utf8').on('data', (chunk: string) => (text.err = (text.err + chunk).slice(-maxChars)))
      child.stdin!.on('error', () => undefined) // it ended first: its status tells
      child.stdin!.end(stdin)
      child.once('error', reject)
      child.once('close', (status) => (status === 0 ? resolve(text.out) : reject(new Error(`the sandbox ended with ${status}: ${text.err.trim().slice(-300)}`))))
    })
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

// Some hundred bytes for each attempt.
const maxChars = 256 * 1024
