import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { link, open, readFile, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { isNodeError, type HardshellError } from '../base/index.ts'
import { auditlogError } from './errors.ts'

/** The right to write a log. */
export interface Lock {
  release(): Promise<void>
}

/** Who holds a lock: enough to tell a living holder from another process that later got the same number. */
interface Holder {
  pid: number
  /** When the process started, in whatever form the system gives; `null`: not to be found out. */
  started: string | null
  host: string
  /** Changes with every boot of the machine; `null` where the system has no such thing. */
  boot: string | null
}

/**
 * Takes the one writer's place at a log, or the place of a writer that died in it.
 * @throws HardshellError `auditlog.locked`
 */
export async function takeLock(path: string, mode: number): Promise<Lock> {
  const lockPath = lockPathOf(path)
  const mine = `${lockPath}.${randomBytes(6).toString('hex')}`
  const text = JSON.stringify(await describe(process.pid))
  await writeWhole(mine, text, mode)
  try {
    // A link appears whole or not at all: nobody ever reads a lock that is still empty.
    if (!(await linked(mine, lockPath))) await takeOver(lockPath, mine)
  } finally {
    await rm(mine, { force: true })
  }
  return {
    async release() {
      // Not if somebody removed it by hand and another process took the place since.
      if ((await readFile(lockPath, 'utf8').catch(() => '')) === text) await rm(lockPath, { force: true })
    },
  }
}

/** Is a living process writing this log? */
export async function isBeingWritten(path: string): Promise<boolean> {
  const holder = await readHolder(lockPathOf(path))
  return holder !== 'absent' && (await isAlive(holder))
}

function lockPathOf(path: string): string {
  return `${path}.lock`
}

/**
 * Replaces a dead holder's lock. Two processes may find the same dead holder, and the slower must not remove the
 * lock of the faster: so only who owns the `.takeover` name may replace, and looks again once it does.
 */
async function takeOver(lockPath: string, mine: string): Promise<void> {
  await refuseIfAlive(lockPath)
  const right = `${lockPath}.takeover`
  if (!(await linked(mine, right))) throw takenMeanwhile(lockPath, right)
  try {
    // Gone meanwhile: then anybody may take it the ordinary way, and a rename could hit somebody's fresh lock.
    if ((await refuseIfAlive(lockPath)) === 'dead') await rename(mine, lockPath)
    else if (!(await linked(mine, lockPath))) throw takenMeanwhile(lockPath, lockPath)
  } finally {
    await rm(right, { force: true })
  }
}

function takenMeanwhile(lockPath: string, file: string): HardshellError {
  return auditlogError('auditlog.locked', `another process is taking over ${lockPath}`, {
    hint: `try again; if this stays and no hardshell runs, remove ${file}`,
  })
}

async function refuseIfAlive(lockPath: string): Promise<'dead' | 'absent'> {
  const holder = await readHolder(lockPath)
  if (holder === 'absent') return 'absent'
  if (!(await isAlive(holder))) return 'dead'
  throw auditlogError('auditlog.locked', `process ${holder.pid} on ${holder.host} writes the log of ${lockPath}`, {
    hint:
      holder.host === hostname()
        ? 'stop the other guard, or give this one a state directory of its own'
        : `a process on another machine cannot be looked at: if it is gone, remove ${lockPath}`,
  })
}

async function readHolder(lockPath: string): Promise<Holder | 'absent'> {
  try {
    return JSON.parse(await readFile(lockPath, 'utf8')) as Holder
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return 'absent'
    // Its text did not survive a power cut, and its process did not either.
    if (error instanceof SyntaxError) return { pid: 0, started: null, host: hostname(), boot: 'an earlier one' }
    throw error
  }
}

/** Every doubt counts as alive: two writers are worse than one who must be told to go on. */
async function isAlive(holder: Holder): Promise<boolean> {
  if (holder.host !== hostname()) return true
  if (holder.boot !== null && holder.boot !== (await bootId())) return false
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if (isNodeError(error, 'ESRCH')) return false
  }
  const started = await startOf(holder.pid)
  if (started === 'gone') return false
  return started === null || holder.started === null || started === holder.started
}

async function describe(pid: number): Promise<Holder> {
  const started = await startOf(pid)
  return { pid, started: started === 'gone' ? null : started, host: hostname(), boot: await bootId() }
}

async function bootId(): Promise<string | null> {
  return await readFile('/proc/sys/kernel/random/boot_id', 'utf8').then((text) => text.trim(), () => null)
}

/** @returns `'gone'` for a process that has ended and only waits for its parent to notice */
async function startOf(pid: number): Promise<string | 'gone' | null> {
  if (process.platform !== 'linux') return await startByPs(pid)
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (stat === null) return null // hidden from us (`hidepid`), or just gone: doubt
  // Fields after the name, which may hold spaces and brackets: state is the 3rd, start time the 22nd (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' ? 'gone' : (fields[19] ?? null)
}

function startByPs(pid: number): Promise<string | null> {
  return new Promise((resolve) => {
    const more = { timeout: 2000, env: { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' } }
    execFile('ps', ['-o', 'lstart=', '-p', String(pid)], more, (error, stdout) => {
      resolve(error ? null : stdout.trim() || null)
    })
  })
}

/** @returns false when the name is taken */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (isNodeError(error, 'EEXIST')) return false
    throw error
  }
}

async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode)
  try {
    await file.writeFile(text)
  } finally {
    await file.close()
  }
}
