import { constants, type Stats } from 'node:fs'
import { lstat, open, readlink, realpath, type FileHandle } from 'node:fs/promises'
import { posix } from 'node:path'
import { HardshellError, isNodeError } from '../../base/index.ts'

/** A name in a folder that is held open: whoever moves or replaces a folder on the way moves nothing for us. */
export interface Place {
  /** The file, reached through the open folder. */
  path: string
  /** The folder, the same way. */
  folder: string
  name: string
}

// O_PATH of Linux on every processor Node runs on (<asm-generic/fcntl.h>): a folder may be entered and not listed.
const openForPath = 0o10000000
// As many as the kernel follows (path_resolution(7)).
const maxLinks = 40

/**
 * Opens the folder a path of the machine below `root` lies in, one name after the other, and hands the place over for
 * as long as `use` takes. Links on the way are followed when they belong to root or to us: a link of anybody else may
 * lead somewhere else by the time it is followed.
 * @returns null when the folder is not there
 * @throws HardshellError `posture.not-ours` for a link of somebody else
 */
export async function atPlace<T>(root: string, path: string, use: (place: Place) => Promise<T>): Promise<T | null> {
  const name = posix.basename(path)
  if (process.platform !== 'linux') {
    const folder = await realFolder(root, posix.dirname(path))
    return folder === null ? null : await use({ folder, name, path: `${folder}/${name}` })
  }
  const open = await openFolder(root, posix.dirname(path))
  if (open === null) return null
  try {
    const folder = `/proc/self/fd/${open.fd}`
    return await use({ folder, name, path: `${folder}/${name}` })
  } finally {
    await open.close()
  }
}

/** Where no folder can be held open by a name, such as on macOS: looked up once, which leaves a moment to whoever owns a folder on the way. */
async function realFolder(root: string, path: string): Promise<string | null> {
  try {
    const [folder, inside] = [await realpath(`${root}${path}`), root === '' ? '' : await realpath(root)]
    if (folder === inside || folder.startsWith(`${inside}/`)) return folder
    throw new HardshellError('posture.not-ours', `${path} leads out of ${root}`)
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return null
    throw error
  }
}

async function openFolder(root: string, path: string): Promise<FileHandle | null> {
  const left = namesOf(path)
  const way = [await open(root === '' ? '/' : root, openForPath | constants.O_DIRECTORY)]
  try {
    for (let links = 0; left.length > 0; ) {
      const part = left.shift()!
      if (part === '..') {
        if (way.length > 1) await way.pop()!.close()
        continue
      }
      const here = `/proc/self/fd/${way.at(-1)!.fd}/${part}`
      const next = await entered(here)
      if (next === 'absent') return null
      if (next !== 'link') {
        way.push(next)
        continue
      }
      if (++links > maxLinks) throw new HardshellError('posture.not-ours', `${path} leads through too many links`)
      const target = await trustedTarget(here, path)
      if (target.startsWith('/')) for (const opened of way.splice(1)) await opened.close()
      left.unshift(...namesOf(target))
    }
    return way.pop()!
  } finally {
    for (const opened of way) await opened.close()
  }
}

function namesOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}

async function entered(here: string): Promise<FileHandle | 'absent' | 'link'> {
  try {
    return await open(here, openForPath | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return 'absent'
    // What a link says to O_DIRECTORY with O_NOFOLLOW, and what a file says (open(2)).
    if (isNodeError(error, 'ENOTDIR') || isNodeError(error, 'ELOOP')) {
      if ((await lstat(here)).isSymbolicLink()) return 'link'
    }
    throw error
  }
}

async function trustedTarget(here: string, path: string): Promise<string> {
  const status = await lstat(here)
  if (!isTrusted(status)) {
    throw new HardshellError('posture.not-ours', `the way to ${path} leads through a link of user ${status.uid}, who may turn it elsewhere meanwhile`, { hint: 'name the folder the link leads to' })
  }
  return await readlink(here)
}

function isTrusted({ uid }: Stats): boolean {
  return uid === 0 || uid === process.geteuid?.()
}
