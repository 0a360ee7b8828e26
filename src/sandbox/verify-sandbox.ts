import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf, nonce, systemClock } from '../base/index.ts'
import { collectCall } from './call.ts'
import { openCell } from './cell.ts'
import type { Layers } from './layers.ts'
import { openSandbox, type Sandbox } from './open.ts'
import type { SandboxSettings } from './settings.ts'
import { tryEscapes, type EscapeAttempt, type EscapeTargets } from './verify.ts'

/** Files of the installation an agent must not reach; whether they exist is no matter. */
export type Surroundings = Pick<EscapeTargets, 'guardFiles' | 'gatewayFiles' | 'sockets'>

const mb = 1024 * 1024

/**
 * Opens a sandbox as this machine can make it, small and in a folder of its own, and tries everything to get out of it
 * or beyond its limits. Nothing of the installation is touched.
 * @throws HardshellError `sandbox.unavailable`
 */
export async function verifySandbox(settings: SandboxSettings, around: Surroundings): Promise<{ layers: Layers; attempts: EscapeAttempt[] }> {
  const root = await mkdtemp(join(tmpdir(), 'hardshell-verify-'))
  // Small limits, so that reaching them costs this machine nothing.
  const limits = { ...settings.limits, memory: 192 * mb, processes: 64, open_files: 256, file_size: 256 * mb, disk: 24 * mb, wall_clock: 60_000 }
  try {
    const sandbox = await openSandbox(
      { root, settings: { ...settings, limits, network: 'none', agents: {} } },
      { clock: systemClock, egress: () => ({ host: '127.0.0.1', port: 0 }), proxyCredential: () => null, onLimit: () => undefined },
    )
    try {
      return { layers: sandbox.layers, attempts: await everyAttempt(sandbox, root, { ...limits, around }) }
    } finally {
      await sandbox.close()
    }
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

async function everyAttempt(sandbox: Sandbox, root: string, { around, ...limits }: SandboxSettings['limits'] & { around: Surroundings }): Promise<EscapeAttempt[]> {
  const other = await openCell(root, 'another-agent', sandbox.layers.ownUsers)
  await writeFile(join(other.workspaces, 'file'), 'of another agent', { mode: 0o644 })
  const targets: EscapeTargets = {
    ...around,
    otherAgent: [other.workspaces, join(other.workspaces, 'file'), '/workspaces/file'],
    uid: sandbox.layers.ownUsers ? (process.getuid?.() ?? 0) : null,
    limits: { processes: limits.processes, memory: limits.memory, fileSize: limits.file_size, openFiles: limits.open_files },
    only: null,
  }
  const run = async (argv: readonly string[], stdin: string): Promise<string> => {
    const call = await sandbox.run({ cell: 'verify', argv, tty: false })
    call.stdin.write(stdin)
    return (await collectCall(call)).stdout
  }
  return [...(await tryEscapes(run, targets)), await attempt('limits.disk', () => fillDisk(sandbox, limits.disk)), await attempt('processes.outlive', () => outlive(sandbox))]
}

async function attempt(id: string, act: () => Promise<Omit<EscapeAttempt, 'id'>>): Promise<EscapeAttempt> {
  return { id, ...(await act().catch((error: unknown) => ({ result: 'unknown' as const, detail: messageOf(error) }))) }
}

// More than allowed at once, then a wait in which it has to be noticed, far below the wall clock.
const fillScript = 'head -c 83886080 /dev/zero > /workspaces/fill; sleep 20; echo filled'

async function fillDisk(sandbox: Sandbox, limit: number): Promise<Omit<EscapeAttempt, 'id'>> {
  const { stdout, said } = await collectCall(await sandbox.run({ cell: 'verify', argv: ['/bin/sh', '-c', fillScript], tty: false }))
  if (stdout.includes('filled')) return { result: 'escaped', detail: `wrote 80 MiB where ${limit} bytes are allowed` }
  return { result: said === null ? 'unknown' : 'held', detail: said ?? 'it ended by itself' }
}

/** A daemon, twice forked and in a session of its own, is still there after its call. */
async function outlive(sandbox: Sandbox): Promise<Omit<EscapeAttempt, 'id'>> {
  const word = nonce()
  const script = `(setsid /bin/sh -c 'while :; do sleep 1; done' ${word} </dev/null >/dev/null 2>&1 &) ; sleep 0.2; echo started`
  const { stdout } = await collectCall(await sandbox.run({ cell: 'verify', argv: ['/bin/sh', '-c', script], tty: false }))
  if (!stdout.includes('started')) return { result: 'unknown', detail: 'it did not start' }
  // The kernel ends what is left of a namespace after its first process: give it the time of a busy machine.
  let alive = true
  for (let looks = 0; alive && looks < 20; looks++) {
    alive = await isRunning(word)
    if (alive) await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return alive ? { result: 'escaped', detail: 'a daemon runs on after its call' } : { result: 'held', detail: 'ended with its call' }
}

/** Is there a process with this word among its arguments, anywhere on the machine? */
async function isRunning(word: string): Promise<boolean> {
  if (!existsSync('/usr/bin/pgrep')) throw new Error('pgrep is not installed (procps)')
  return await new Promise((resolve) => spawn('/usr/bin/pgrep', ['-f', word], { stdio: 'ignore' }).once('exit', (status) => resolve(status === 0)))
}
