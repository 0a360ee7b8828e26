import { randomBytes } from 'node:crypto'
import { link, open, readFile, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { HardshellError, isNodeError } from '../base/index.ts'

// A change takes milliseconds: a living process that holds the lock for two seconds is stuck.
const [attempts, pauseMs] = [80, 25]

/**
 * Waits for the one writer's place at a file, or takes it over from a process that ended in it.
 * @returns how to give it back
 * @throws HardshellError `secrets.store-locked`
 */
export async function lockFile(path: string): Promise<() => Promise<void>> {
  const holder = await ourselves()
  const mine = `${path}.${randomBytes(6).toString('hex')}`
  await writeNew(mine, holder)
  try {
    for (let attempt = 0; attempt < attempts; attempt++) {
      // A link appears whole or not at all: a kill leaves no lock that does not say whose it is.
      if ((await linked(mine, path)) || (await tookOver(path, mine))) return async () => await giveBack(path, holder)
      await wait(pauseMs)
    }
  } finally {
    await rm(mine, { force: true })
  }
  throw new HardshellError('secrets.store-locked', `another process is changing the secret store: ${path} is there`, {
    hint: `if no hardshell is running that could, remove ${path}`,
  })
}

/** Two may find the same dead holder: only who owns the second name may replace, and looks again once it does. */
async function tookOver(path: string, mine: string): Promise<boolean> {
  if (!(await isLeftBehind(path))) return false
  const right = `${path}.takeover`
  if (!(await linked(mine, right))) return false
  try {
    if (!(await isLeftBehind(path))) return false
    await rename(mine, path)
    return true
  } finally {
    await rm(right, { force: true })
  }
}

async function giveBack(path: string, holder: string): Promise<void> {
  // Not if somebody removed it by hand and another process took the place since.
  if ((await readFile(path, 'utf8').catch(() => null)) === holder) await rm(path, { force: true })
}

/** Whether the process that is named in the lock is gone for certain. Every doubt counts as alive. */
async function isLeftBehind(path: string): Promise<boolean> {
  const [host, boot, pid, started] = (await readFile(path, 'utf8').catch(() => '')).split('\n')
  // Numbers of processes mean nothing on another machine, or in another container.
  if (host !== hostname() || !/^[1-9]\d*$/.test(pid ?? '')) return false
  if (boot !== (await bootId())) return true
  try {
    process.kill(Number(pid), 0) // asks only
  } catch (error) {
    if (isNodeError(error, 'ESRCH')) return true
  }
  const now = await startOf(Number(pid))
  return now !== '' && started !== '' && now !== started
}

async function ourselves(): Promise<string> {
  return [hostname(), await bootId(), process.pid, await startOf(process.pid), randomBytes(6).toString('hex')].join('\n')
}

/** Empty where the system has no such thing. */
async function bootId(): Promise<string> {
  return await readFile('/proc/sys/kernel/random/boot_id', 'utf8').then((text) => text.trim(), () => '')
}

/** When a process started, to tell it from another that got its number later. Empty: not to be found out. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The 22nd field; the name before may hold spaces and brackets (proc(5)).
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
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

async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
  } finally {
    await file.close()
  }
}
