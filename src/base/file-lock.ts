import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { link, open, readFile, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { isNodeError } from './errors.ts'

/** The right to change a file that has one writer at a time. */
export interface FileLock {
  release(): Promise<void>
}

/** Who has it. */
export interface FileLockHolder {
  pid: number
  host: string
  /** True when it is a process of this machine, which was seen to live. */
  here: boolean
  /** The file that says so. */
  file: string
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
 * Takes the lock at this path, or the place of a process that died in it. Never waits.
 * @returns the holder that has it, when it is alive or nobody can tell
 */
export async function takeFileLock(path: string, mode: number): Promise<{ lock: FileLock } | { holder: FileLockHolder }> {
  const nonce = randomBytes(6).toString('hex')
  const mine = `${path}.${nonce}`
  // The nonce tells two locks of one process apart.
  const text = JSON.stringify({ ...(await describe(process.pid)), nonce })
  await writeWhole(mine, text, mode)
  try {
    // A link appears whole or not at all: nobody ever reads a lock that is still empty.
    const holder = (await linked(mine, path)) ? null : await takeOver(path, mine)
    return holder ? { holder } : { lock: { release: async () => await giveBack(path, text) } }
  } finally {
    await rm(mine, { force: true })
  }
}

async function giveBack(path: string, text: string): Promise<void> {
  // Not if somebody removed it by hand and another process took the place since.
  if ((await readFile(path, 'utf8').catch(() => '')) === text) await rm(path, { force: true })
}

/** Does a living process hold the lock at this path? Every doubt counts as yes. */
export async function isFileLocked(path: string): Promise<boolean> {
  const holder = await readHolder(path)
  return holder !== 'absent' && (await isAlive(holder))
}

/**
 * Replaces a dead holder's lock. Two processes may find the same dead holder, and the slower must not remove the
 * lock of the faster: so only who owns the `.takeover` name may replace, and looks again once it does.
 * @returns who holds it, or `null` when it is ours now
 */
async function takeOver(path: string, mine: string): Promise<FileLockHolder | null> {
  const before = await livingHolder(path)
  if (before !== 'dead' && before !== 'absent') return before
  const right = `${path}.takeover`
  if (!(await linked(mine, right))) return { pid: 0, host: hostname(), here: true, file: right }
  try {
    const now = await livingHolder(path)
    if (now !== 'dead' && now !== 'absent') return now
    // Gone meanwhile: then anybody may take it the ordinary way, and a rename could hit somebody's fresh lock.
    if (now === 'dead') await rename(mine, path)
    else if (!(await linked(mine, path))) return { pid: 0, host: hostname(), here: true, file: path }
    return null
  } finally {
    await rm(right, { force: true })
  }
}

async function livingHolder(path: string): Promise<FileLockHolder | 'dead' | 'absent'> {
  const holder = await readHolder(path)
  if (holder === 'absent') return 'absent'
  if (!(await isAlive(holder))) return 'dead'
  return { pid: holder.pid, host: holder.host, here: holder.host === hostname(), file: path }
}

async function readHolder(path: string): Promise<Holder | 'absent'> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder
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
