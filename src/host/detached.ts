import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mustRun, runProgram, type RunProgram } from './processes.ts'

/**
 * Starts a process that outlives this one, its terminal and its session, and resolves once it has said a first word.
 * Where systemd runs and we are root, a transient unit of its own: it is in no session that ends with a terminal.
 * Elsewhere a process in a session of its own.
 *
 * @param unit name of the transient unit
 * @throws Error when it ends before it says anything
 */
export async function startDetached(command: readonly string[], unit: string, run: RunProgram = runProgram): Promise<void> {
  if (existsSync('/run/systemd/system') && process.geteuid?.() === 0) {
    await mustRun(run, ['systemd-run', '--quiet', '--collect', `--unit=${unit}`, '--service-type=exec', '--', ...command])
    return
  }
  const child = spawn(command[0]!, command.slice(1), { detached: true, cwd: '/', env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }, stdio: ['ignore', 'pipe', 'ignore'] })
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('error', reject)
    child.once('exit', (status) => reject(new Error(`${unit} ended with ${status}`)))
  })
  child.removeAllListeners('exit')
  child.stdout.destroy()
  child.unref()
}
