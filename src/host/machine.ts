import { readFile, lstat, readdir, readlink, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { posix } from 'node:path'
import { pathToFileURL } from 'node:url'
import { HardshellError, isNodeError, messageOf } from '../base/index.ts'
import { gitPatches, type GitPatches } from './git-history.ts'
import { findProgram, runProgram, type Ran } from './processes.ts'

/** What `lstat` says of a name: a link is told as a link. */
export interface FileStatus {
  kind: 'file' | 'folder' | 'link' | 'other'
  /** Permission bits, with set-user, set-group and sticky: 0 to 0o7777. */
  mode: number
  uid: number
  gid: number
  /** bytes */
  size: number
  modifiedMs: number
  /** Where a link leads, as written in it; `null` for everything else. */
  target: string | null
}

/**
 * A machine to look at and never to change: this one, or a copy of its files below some folder. `null` always means
 * "is not there"; what is there and cannot be read is an error, so that nobody takes it for absent.
 */
export interface Machine {
  readonly platform: 'linux' | 'darwin' | 'win32'
  /** Home of the person who asks; paths of theirs begin with it. */
  readonly home: string
  /** User id of the person who asks; -1 where the system has none. */
  readonly uid: number
  readonly env: Readonly<Record<string, string | undefined>>
  /** False when only files can be looked at: `run` then refuses. */
  readonly live: boolean
  /** Its text, at most `maxBytes` (8 MiB by default). @throws HardshellError `host.unreadable` */
  text(path: string, maxBytes?: number): Promise<string | null>
  /** The same as bytes, for what is no text; absent where a machine has only texts. @throws HardshellError `host.unreadable` */
  bytes?(path: string, maxBytes?: number): Promise<Buffer | null>
  /** Names in a folder, sorted. @throws HardshellError `host.unreadable` */
  names(path: string): Promise<readonly string[] | null>
  /** @throws HardshellError `host.unreadable` */
  status(path: string): Promise<FileStatus | null>
  /**
   * Rows of a SQLite file, opened to be read only; `null` when it is not there. Of a database in use, the shared
   * index of its journal notes the reader, as it does every other; nothing else is touched.
   * @throws HardshellError `host.unreadable`
   */
  rows(path: string, query: string): Promise<readonly Readonly<Record<string, unknown>>[] | null>
  /**
   * What was ever committed, out of a folder of Git's objects, from these commits on; `null` when Git is not installed.
   * Absent where no program of this machine may look at its files. @throws Error when Git does not understand them
   */
  gitPatches?(objects: string, tips: readonly string[]): Promise<GitPatches | null>
  /** Runs a program that only tells; `null` when it is not installed. @throws HardshellError `host.unreadable` when not live */
  run(command: readonly string[], timeoutMs?: number): Promise<Ran | null>
}

// The largest file a check reads is a shell history or a crontab; a log is read by whoever follows logs.
const defaultMaxBytes = 8 * 1024 * 1024

/** This machine. */
export function thisMachine(env: NodeJS.ProcessEnv = process.env): Machine {
  return {
    ...filesBelow(''),
    platform: platformOf(process.platform),
    home: homedir(),
    uid: process.getuid?.() ?? -1,
    env,
    live: true,
    run: async (command, timeoutMs = 5000) => (findProgram(command[0]!) === null ? null : await runProgram(command, { timeoutMs })),
  }
}

/** A machine whose `/` lies in a folder of this one. Links in it stay in it; programs of it cannot be asked. */
export function machineBelow(root: string, more: { platform?: Machine['platform']; home?: string } = {}): Machine {
  return {
    ...filesBelow(root),
    platform: more.platform ?? 'linux',
    home: more.home ?? '/root',
    uid: 0,
    env: {},
    live: false,
    run: async (command) => await Promise.reject(new HardshellError('host.unreadable', `${command[0]} cannot be asked: only the files of the machine are here`)),
  }
}

function filesBelow(root: string): Pick<Machine, 'text' | 'names' | 'status' | 'rows' | 'gitPatches' | 'bytes'> {
  const place = async (path: string): Promise<string | null> => (root === '' ? path : await insideOf(root, path))
  // Thousands of names in one folder ask for the same one again and again. One that is not there may be made the next
  // moment, and one that is may become a link: nothing is remembered for long.
  const folders = new Map<string, { real: Promise<string | null>; untilMs: number }>()
  const folderOf = async (path: string): Promise<string | null> => {
    const folder = posix.dirname(path)
    const known = folders.get(folder)
    if (known !== undefined && performance.now() < known.untilMs) return await known.real
    if (folders.size >= maxFolders) folders.clear()
    const real = place(folder)
    folders.set(folder, { real, untilMs: performance.now() + rememberedMs })
    if ((await real.catch(() => null)) === null) folders.delete(folder)
    return await real
  }
  // A name that is no link lies where its folder does.
  const fileOf = async (path: string): Promise<string | null> => {
    if (root === '') return path
    const folder = await folderOf(posix.normalize(`/${path}`))
    if (folder === null) return null
    const real = posix.join(folder, posix.basename(path))
    return (await lstat(real)).isSymbolicLink() ? await place(path) : real
  }
  const bytes = async (path: string, maxBytes = defaultMaxBytes): Promise<Buffer | null> =>
    await unlessAbsent(path, async () => {
      const real = await fileOf(path)
      if (real === null) return null
      const status = await stat(real)
      // A pipe or device under the name would never end.
      if (!status.isFile()) throw new Error('not a file')
      if (status.size > maxBytes) throw new Error(`larger than ${maxBytes} bytes`)
      return await readFile(real)
    })
  return {
    bytes,
    text: async (path, maxBytes) => (await bytes(path, maxBytes))?.toString('utf8') ?? null,
    rows: async (path, query) =>
      await unlessAbsent(path, async () => {
        const real = await place(path)
        return real === null ? null : await rowsOf(await realpath(real), query)
      }),
    gitPatches: async (objects, tips) => {
      const real = await place(objects)
      if (real === null) throw new Error('its folder of objects is not here')
      // What it borrows from elsewhere lies outside of what was handed over.
      if (root !== '' && (await stat(posix.join(real, 'info/alternates')).catch(() => null)) !== null) throw new Error('it borrows objects from another repository')
      return await gitPatches(await realpath(real), tips)
    },
    names: async (path) =>
      await unlessAbsent(path, async () => {
        const real = await place(path)
        return real === null ? null : (await readdir(real)).sort()
      }),
    status: async (path) =>
      await unlessAbsent(path, async () => {
        const folder = await folderOf(path)
        if (folder === null) return null
        const real = posix.join(folder, posix.basename(path))
        const status = await lstat(real)
        const kind = status.isFile() ? 'file' : status.isDirectory() ? 'folder' : status.isSymbolicLink() ? 'link' : 'other'
        return {
          kind,
          mode: status.mode & 0o7777,
          uid: status.uid,
          gid: status.gid,
          size: status.size,
          modifiedMs: status.mtimeMs,
          target: kind === 'link' ? await readlink(real) : null,
        }
      }),
  }
}

// A reader of a database that journals makes files beside it. Where nobody has it open, `immutable` says that none is
// needed; where somebody has, they are there already.
async function rowsOf(path: string, query: string): Promise<Record<string, unknown>[]> {
  const { DatabaseSync } = await import('node:sqlite')
  const location = pathToFileURL(path)
  if ((await stat(`${path}-wal`).catch(() => null)) === null) location.searchParams.set('immutable', '1')
  const database = new DatabaseSync(location, { readOnly: true })
  try {
    return database.prepare(query).all()
  } finally {
    database.close()
  }
}

// Some facts are read at the same time, each in a folder or two.
const maxFolders = 256
const rememberedMs = 200
// As many as the kernel follows (path_resolution(7)).
const maxLinks = 40

/** Where a path of the copied machine lies here, every link followed below `root`; `null` when it is not there. */
async function insideOf(root: string, path: string): Promise<string | null> {
  const plain = posix.normalize(`/${path}`)
  // Most paths hold no link, and a state folder has thousands of files: one question for all parts instead of one for each.
  const [real, base] = await Promise.all([`${root}${plain}`, root].map(async (one) => await realpath(one).catch(() => null)))
  if (real != null && base != null && real === `${base}${plain}`) return `${root}${plain}`
  const left = plain.split('/').filter((part) => part !== '')
  const done: string[] = []
  for (let links = 0; left.length > 0; ) {
    const part = left.shift()!
    if (part === '.') continue
    if (part === '..') {
      done.pop()
      continue
    }
    const here = `${root}/${[...done, part].join('/')}`
    const status = await lstat(here).catch((error: unknown) => {
      if (isNodeError(error, 'ENOENT') || isNodeError(error, 'ENOTDIR')) return null
      throw error
    })
    if (status === null) return null
    if (!status.isSymbolicLink()) {
      done.push(part)
      continue
    }
    if (++links > maxLinks) throw new Error('too many links')
    const target = await readlink(here)
    if (target.startsWith('/')) done.length = 0
    left.unshift(...target.split('/').filter((piece) => piece !== ''))
  }
  return `${root}/${done.join('/')}`
}

async function unlessAbsent<T>(path: string, read: () => Promise<T | null>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    if (isNodeError(error, 'ENOENT') || isNodeError(error, 'ENOTDIR')) return null
    throw new HardshellError('host.unreadable', `cannot read ${path}: ${isNodeError(error) ? (error.code ?? messageOf(error)) : messageOf(error)}`, { cause: error })
  }
}

function platformOf(platform: NodeJS.Platform): Machine['platform'] {
  return platform === 'darwin' || platform === 'win32' ? platform : 'linux'
}
