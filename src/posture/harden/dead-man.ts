import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { HardshellError, messageOf, takeFileLock, type FileLock } from '../../base/index.ts'
import { startDetached } from '../../host/index.ts'
import { privateFolder } from './record.ts'
import { takeBack, type UndoPorts } from './undo.ts'

/** Beside this file, in the sources and in the published package. */
const task = fileURLToPath(new URL(`./dead-man-task${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url))

/** The command of a process that takes a run back unless somebody confirms it; the same takes it back after a restart. */
export function deadManCommand(folder: string, id: string): readonly string[] {
  return [process.execPath, task, folder, id]
}

/** Starts it; resolves when it stands ready. It outlives this process, its terminal and the session. */
export async function armDeadMan(folder: string, id: string): Promise<void> {
  await startDetached(deadManCommand(folder, id), `hardshell-harden-${id}`)
}

/** The right to change this machine: one harden, undo or timer at a time. @throws HardshellError `posture.busy` */
export async function lockHarden(folder: string): Promise<FileLock> {
  const taken = await lockIn(folder)
  if ('lock' in taken) return taken.lock
  throw new HardshellError('posture.busy', `process ${taken.holder.pid} is hardening this machine`, { hint: `wait for it, or look: ps -p ${taken.holder.pid}` })
}

async function lockIn(folder: string): ReturnType<typeof takeFileLock> {
  try {
    await privateFolder(folder)
    return await takeFileLock(join(folder, 'lock'), 0o600)
  } catch (error) {
    throw error instanceof HardshellError ? error : new HardshellError('posture.record-damaged', `nothing was changed: no way back can be kept in ${folder}: ${messageOf(error)}`, { cause: error, hint: 'name another folder with --state' })
  }
}

/**
 * Takes a run back if it is still not confirmed: what the timer does when it strikes. What somebody wrote over ours
 * meanwhile is kept beside, for whoever is locked out cannot be asked.
 * @returns whether it had to
 */
export async function strike(id: string, ports: UndoPorts): Promise<boolean> {
  const found = await ports.records.read(id)
  if (found === null || found.standing.state === 'kept' || found.standing.state === 'undone') return false
  await takeBack(found, { foreign: 'keep-beside', giveUp: false }, ports)
  return true
}
