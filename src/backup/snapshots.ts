import { readdir, readFile, rm, lstat, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { HardshellError, isNodeError, messageOf, readIfThere, takeFileLock, writeFileAtomic, type Clock } from '../base/index.ts'
import { digestOf, isSame, readConfigFile, type Cause, type KeptFile, type ReadFile, type Snapshot } from './snapshot.ts'

/** The files of a configuration. */
export interface ConfigPaths {
  /** May lie in a folder of somebody else: never read through a link. */
  openclaw: readonly string[]
  /** The operator's own, which some systems hand out as links. */
  guard: readonly string[]
}

/** What is kept, and why. */
export interface ToKeep {
  /** Every file of the configuration, whether it is there or not. */
  paths: ConfigPaths
  why: string
  by: string
  cause: Cause
  /** How many of each cause stay. */
  keep: number
  /** Ids that stay in any case: a restore is reading them. */
  spare?: readonly string[]
}

export interface SnapshotPorts {
  clock: Clock
}

/** A snapshot of how things are now; an older one when nothing changed since. */
export interface Kept {
  snapshot: Snapshot
  isNew: boolean
  /** SHA-256 of the record, for a log nobody can change afterwards. */
  sha256: string
}

/**
 * Keeps the configuration as it is now. The bytes are on the disk before the record that names them; nothing is kept
 * twice. What somebody else changed is kept apart in number: whoever changes the file ten thousand times pushes out
 * only their own.
 * @throws HardshellError `backup.busy`, `backup.snapshot-damaged`
 */
export async function keepSnapshot(folder: string, what: ToKeep, { clock }: SnapshotPorts): Promise<Kept> {
  return await aloneIn(folder, async () => {
    const all = await listSnapshots(folder)
    const newest = all.at(-1)
    const files = await readAll(what.paths)
    if (newest !== undefined && isSame(newest.files, files)) return { snapshot: newest, isNew: false, sha256: digestOf(await readFile(recordOf(folder, newest.id))) }
    const at = clock.now()
    const number = (newest?.number ?? 0) + 1
    const snapshot: Snapshot = { id: `${stamp(at)}-${number}`, number, at, by: what.by, why: what.why, cause: what.cause, files: files.map(({ path, sha256, mode, uid, gid }) => ({ path, sha256, mode, uid, gid })) }
    const text = `${JSON.stringify(snapshot, null, 2)}\n`
    for (const { sha256, bytes } of files) if (sha256 !== null) await keepContent(folder, sha256, bytes!)
    await writeFileAtomic(recordOf(folder, snapshot.id), text, { mode: 0o400 })
    await prune(folder, [...all, snapshot], what)
    return { snapshot, isNew: true, sha256: digestOf(Buffer.from(text)) }
  })
}

/** Every snapshot, oldest first; none where nothing was ever kept. @throws HardshellError `backup.snapshot-damaged` */
export async function listSnapshots(folder: string): Promise<readonly Snapshot[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isNodeError(error, 'ENOENT')) return []
    throw error
  })
  const found = await Promise.all(names.filter((name) => isSnapshotId(name.replace(/\.json$/, ''))).map(async (name) => await readRecord(join(folder, name))))
  return found.sort((a, b) => a.number - b.number)
}

/** One snapshot by its name. @throws HardshellError `backup.snapshot-unknown`, `backup.snapshot-damaged` */
export async function findSnapshot(folder: string, id: string): Promise<Snapshot> {
  // A name from a command line is not a way to somewhere else.
  if (isSnapshotId(id) && (await readIfThere(recordOf(folder, id))) !== null) return await readRecord(recordOf(folder, id))
  throw new HardshellError('backup.snapshot-unknown', `there is no snapshot ${id}`, { hint: 'hardshell backup snapshots list' })
}

/** The bytes of a file of a snapshot, held against their digest; `null`: there was no such file. @throws HardshellError `backup.snapshot-damaged` */
export async function contentOf(folder: string, { path, sha256 }: KeptFile): Promise<Buffer | null> {
  if (sha256 === null) return null
  const bytes = await readFile(join(folder, 'contents', sha256)).catch(() => null)
  if (bytes !== null && digestOf(bytes) === sha256) return bytes
  throw new HardshellError('backup.snapshot-damaged', `what was kept of ${path} is ${bytes === null ? 'not there any more' : 'not what was kept'}`, { hint: 'hardshell backup snapshots list shows which others there are' })
}

/** The configuration as it is now. @throws HardshellError `backup.snapshot-damaged` when a file of it cannot be read */
export async function readAll({ openclaw, guard }: ConfigPaths): Promise<readonly ReadFile[]> {
  try {
    return await Promise.all([...openclaw.map(async (path) => await readConfigFile(path, 'refuse')), ...guard.map(async (path) => await readConfigFile(path, 'follow'))])
  } catch (error) {
    throw new HardshellError('backup.snapshot-damaged', `the configuration cannot be kept: ${messageOf(error)}`, { cause: error })
  }
}

// Reading and writing some small files takes milliseconds.
const [attempts, pauseMs] = [50, 100]

/** Does something while nobody else keeps or restores. @throws HardshellError `backup.busy`, `backup.snapshot-damaged` */
export async function aloneIn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  await privateFolder(folder)
  for (let attempt = 1; ; attempt++) {
    const taken = await takeFileLock(join(folder, 'lock'), 0o600)
    if ('lock' in taken) {
      try {
        return await work()
      } finally {
        await taken.lock.release()
      }
    }
    if (attempt === attempts) throw new HardshellError('backup.busy', `process ${taken.holder.pid} is at the snapshots`, { hint: `wait for it, or look: ps -p ${taken.holder.pid}` })
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

async function privateFolder(folder: string): Promise<void> {
  await mkdir(join(folder, 'contents'), { recursive: true, mode: 0o700 })
  const status = await lstat(folder)
  if (status.isDirectory() && (status.mode & 0o077) === 0 && status.uid === (process.geteuid?.() ?? status.uid)) return
  throw new HardshellError('backup.snapshot-damaged', `${folder} is open to others: no configuration is kept there`, { hint: `chmod 700 ${folder}` })
}

async function keepContent(folder: string, sha256: string, bytes: Buffer): Promise<void> {
  const path = join(folder, 'contents', sha256)
  const there = await readFile(path).catch(() => null)
  if (there === null || digestOf(there) !== sha256) await writeFileAtomic(path, bytes, { mode: 0o400 })
}

/** Takes the oldest of each cause beyond the number, and what no record names any more. */
async function prune(folder: string, all: readonly Snapshot[], { keep, spare = [] }: Pick<ToKeep, 'keep' | 'spare'>): Promise<void> {
  const isOld = ({ cause, id }: Snapshot): boolean => !spare.includes(id) && !all.filter((one) => one.cause === cause).slice(-keep).some((one) => one.id === id)
  for (const { id } of all.filter(isOld)) await rm(recordOf(folder, id), { force: true })
  const named = new Set(all.filter((one) => !isOld(one)).flatMap(({ files }) => files.map(({ sha256 }) => sha256)))
  for (const name of await readdir(join(folder, 'contents'))) if (!named.has(name)) await rm(join(folder, 'contents', name), { force: true })
}

async function readRecord(path: string): Promise<Snapshot> {
  try {
    const read = JSON.parse(await readFile(path, 'utf8')) as Snapshot
    if (isSnapshotId(read.id) && Array.isArray(read.files)) return read
    throw new Error('it is no record of a snapshot')
  } catch (error) {
    throw new HardshellError('backup.snapshot-damaged', `${path} cannot be read: ${messageOf(error)}`, { cause: error, hint: `move it away: mv ${path} ${path}.damaged` })
  }
}

function isSnapshotId(text: string): boolean {
  return /^\d{8}-\d{6}-\d{1,9}$/.test(text)
}

function recordOf(folder: string, id: string): string {
  return join(folder, `${id}.json`)
}

function stamp(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:]|\..*/g, '').replace('T', '-')
}
