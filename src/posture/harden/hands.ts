import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { access, lstat, mkdir, open, rename, rm, rmdir, type FileHandle } from 'node:fs/promises'
import { posix } from 'node:path'
import { HardshellError, isNodeError, messageOf } from '../../base/index.ts'
import { findProgram, runProgram, type Ran } from '../../host/index.ts'
import { atPlace, type Place } from './place.ts'

/** Who may do what with a file or folder. */
export interface Rights {
  /** Permission bits, 0 to 0o7777. */
  mode: number
  uid: number
  gid: number
}

/** What stands at a path, as far as it can be put back. */
export interface Seen extends Rights {
  kind: 'file' | 'folder'
  /** `null` for a folder, and where only the rights were asked for. */
  bytes: Buffer | null
}

/**
 * Everything that changes a machine, one touch each. A test takes the process away before and within every one of
 * them, so nothing of harden writes or runs anything past this port.
 */
export interface Hands {
  /** False when only files can be changed: commands are then told and not run. */
  readonly live: boolean
  /** `null`: nothing there. @throws HardshellError `posture.not-ours` for a link, a device, a file with two names */
  look(path: string, what?: 'bytes' | 'rights'): Promise<Seen | null>
  /** Whether this user could, as far as rights tell; a file system has more ways to say no. */
  mayChange(path: string, what: 'bytes' | 'rights'): Promise<boolean>
  /** Writes a new file beside `path`, whole and on the disk. */
  place(path: string, neighbour: string, file: Rights & { bytes: Uint8Array }): Promise<void>
  /** The neighbour takes the name `path`, at once. */
  swap(path: string, neighbour: string): Promise<void>
  /** Takes away what `place` left; nothing there is no error. */
  discard(path: string, neighbour: string): Promise<void>
  /** Nothing there is no error. */
  remove(path: string): Promise<void>
  grant(path: string, kind: Seen['kind'], rights: Rights): Promise<void>
  makeFolder(path: string, rights: Rights): Promise<void>
  /** Only an empty one. @returns false when there is something in it */
  removeFolder(path: string): Promise<boolean>
  /** `null`: the program is not installed. */
  run(command: readonly string[]): Promise<Ran | null>
}

const otherName = 'find the other name with: find / -xdev -samefile FILE'

/** SHA-256 of a content, hexadecimal. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * How long a command is waited for, ms. Everything answers within seconds; what installs packages may have a slow line
 * and a slow disk, and dpkg ended half way leaves half a package (`auditd` took more than five minutes on an emulated
 * machine under load; apt gives up on a mirror by itself, apt.conf(5), Acquire::http::Timeout).
 */
export function patienceMsFor([program]: readonly string[]): number {
  return program === 'apt-get' || program === 'dpkg' ? 1_200_000 : 300_000
}

/** The hands for a machine whose `/` lies at `root`; `''` is this one. Every path is reached through open folders. */
export function handsBelow(root: string, live: boolean): Hands {
  const within = async <T>(path: string, use: (place: Place) => Promise<T>): Promise<T | null> => {
    try {
      return await atPlace(root, path, use)
    } catch (error) {
      throw isNodeError(error) && !(error instanceof HardshellError) ? new HardshellError('posture.not-applied', `${path}: ${sentenceFor(error)}`, { cause: error }) : error
    }
  }
  const must = async <T>(path: string, use: (place: Place) => Promise<T>): Promise<void> => {
    if ((await within(path, async (place) => [await use(place)])) === null) throw new HardshellError('posture.changed-meanwhile', `the folder of ${path} is gone`)
  }
  return {
    live,
    look: async (path, what = 'bytes') => await within(path, async (place) => await seenAt(place, path, what)),
    mayChange: async (path, what) => (what === 'rights' ? await isMine(within, path) : await mayWriteBeside(within, path)),
    place: async (path, neighbour, file) => await must(path, async (place) => await placed(`${place.folder}/${neighbour}`, file)),
    swap: async (path, neighbour) =>
      await must(path, async (place) => {
        await rename(`${place.folder}/${neighbour}`, place.path)
        await syncFolder(place.folder)
      }),
    discard: async (path, neighbour) => void (await within(path, async ({ folder }) => await rm(`${folder}/${neighbour}`, { force: true }))),
    remove: async (path) =>
      void (await within(path, async (place) => {
        await rm(place.path, { force: true })
        await syncFolder(place.folder)
      })),
    grant: async (path, kind, rights) => await must(path, async (place) => await granted(place, { path, kind, rights })),
    makeFolder: async (path, rights) =>
      await must(path, async (place) => {
        await mkdir(place.path, { mode: rights.mode })
        await granted(place, { path, kind: 'folder', rights })
        await syncFolder(place.folder)
      }),
    removeFolder: async (path) => (await within(path, async (place) => await removedIfEmpty(place.path))) ?? true,
    run: async (command) => await ran(command, live),
  }
}

type Within = <T>(path: string, use: (place: Place) => Promise<T>) => Promise<T | null>

/** Only the owner and root change modes; who gives a file away is root (chmod(2), chown(2)). */
async function isMine(within: Within, path: string): Promise<boolean> {
  const me = process.geteuid?.() ?? -1
  return me === 0 || ((await within(path, async (place) => (await lstat(place.path).catch(absent))?.uid ?? me)) ?? me) === me
}

async function mayWriteBeside(within: Within, path: string): Promise<boolean> {
  const may = await within(path, async ({ folder }) => await access(`${folder}/.`, constants.W_OK | constants.X_OK).then(() => true, () => false))
  return may ?? (path === '/' ? false : await mayWriteBeside(within, posix.dirname(path)))
}

async function ran(command: readonly string[], live: boolean): Promise<Ran | null> {
  if (!live) throw new HardshellError('posture.not-applied', `${command[0]} is not run: only the files of the machine are here`)
  return findProgram(command[0]!) === null ? null : await runProgram(command, { timeoutMs: patienceMsFor(command), env: { DEBIAN_FRONTEND: 'noninteractive' } })
}

async function seenAt(place: Place, path: string, what: 'bytes' | 'rights'): Promise<Seen | null> {
  const status = await lstat(place.path).catch(absent)
  if (status === null) return null
  if (status.isSymbolicLink()) throw notOurs(path, 'is a symbolic link', 'name the file it leads to')
  if (!status.isFile() && !status.isDirectory()) throw notOurs(path, 'is neither a file nor a folder')
  const seen = { kind: status.isFile() ? ('file' as const) : ('folder' as const), mode: status.mode & 0o7777, uid: status.uid, gid: status.gid }
  if (seen.kind === 'file' && status.nlink > 1) throw notOurs(path, 'has a second name (a hard link)', otherName)
  if (what === 'rights' || seen.kind === 'folder') return { ...seen, bytes: null }
  const file = await opened(place, path, 'file')
  try {
    return { ...seen, bytes: await file.readFile() }
  } finally {
    await file.close()
  }
}

async function placed(path: string, { bytes, mode, uid, gid }: Rights & { bytes: Uint8Array }): Promise<void> {
  // `wx`: never through a link somebody planted under the name.
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    // Before the mode: a change of owner takes the set-user bits away (chown(2)).
    await ownedBy(file, { uid, gid })
    await file.chmod(mode)
    await file.sync()
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

async function granted(place: Place, { path, kind, rights }: { path: string; kind: Seen['kind']; rights: Rights }): Promise<void> {
  const file = await opened(place, path, kind)
  try {
    await ownedBy(file, rights)
    await file.chmod(rights.mode)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** By handle, and looked at once more: under its name there may be something else by now. */
async function opened(place: Place, path: string, kind: Seen['kind']): Promise<FileHandle> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  const file = await open(place.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((error: unknown) => {
    throw isNodeError(error, 'ELOOP') ? notOurs(path, 'is a symbolic link', 'name the file it leads to') : error
  })
  const status = await file.stat()
  const why = status.isFile() !== (kind === 'file') || status.isDirectory() !== (kind === 'folder') ? `is no ${kind} any more` : kind === 'file' && status.nlink > 1 ? 'has a second name (a hard link)' : null
  if (why === null) return file
  await file.close()
  throw notOurs(path, why, otherName)
}

async function ownedBy(file: FileHandle, { uid, gid }: Pick<Rights, 'uid' | 'gid'>): Promise<void> {
  const now = await file.stat()
  if (now.uid !== uid || now.gid !== gid) await file.chown(uid, gid)
}

async function removedIfEmpty(path: string): Promise<boolean> {
  try {
    await rmdir(path)
    return true
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return true
    if (isNodeError(error, 'ENOTEMPTY')) return false
    throw error
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(`${path}/.`, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function absent(error: unknown): null {
  if (isNodeError(error, 'ENOENT')) return null
  throw error
}

function notOurs(path: string, why: string, hint?: string): HardshellError {
  return new HardshellError('posture.not-ours', `${path} ${why}: it is not touched`, hint === undefined ? {} : { hint })
}

function sentenceFor(error: NodeJS.ErrnoException): string {
  const words: Readonly<Record<string, string>> = {
    ENOSPC: 'the disk is full',
    EDQUOT: 'the quota is used up',
    EROFS: 'the file system is read-only',
    EACCES: 'this user may not write there',
    EPERM: 'the system forbids it (owned by somebody else, or immutable: lsattr tells)',
  }
  return words[error.code ?? ''] ?? messageOf(error)
}
