import { posix } from 'node:path'
import { messageOf } from '../../base/index.ts'
import type { Machine } from '../../host/index.ts'
import type { Place } from './places.ts'

/** A file to look at. */
export interface FoundFile {
  place: Place
  path: string
  bytes: number
  modifiedMs: number
  executable: boolean
}

/** Something that was not looked at, and why. */
export interface Unread {
  at: string
  why: string
}

// The largest skill of the public archive holds 400 files; a temporary folder with more than this is named instead.
const maxFiles = 5000
// What a package manager put there is judged by its name, and by advisories.
// Objects of Git are compressed and run by nobody; its hooks are run.
const skipped = (folder: string, name: string): boolean => name === 'node_modules' || (name === 'objects' && posix.basename(folder) === '.git')

/** Every file of a place, in order. One link to a folder is followed on each way down, as OpenClaw links its own skills; a second is not, so no walk can circle. */
export async function filesOf(machine: Machine, place: Place, unread: Unread[]): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = []
  const walk = async (path: string, depth: number, linked: boolean): Promise<void> => {
    const status = await told(path, unread, async () => await machine.status(path))
    if (!status) return
    const isLink = status.kind === 'link' && (await machine.names(path).catch(() => null)) !== null
    if (isLink && linked && path !== place.path) return void unread.push({ at: path, why: 'a link behind a link' })
    const isFolder = status.kind === 'folder' || isLink
    if (!isFolder) {
      const counts = place.names === undefined || path === place.path || place.names.test(posix.basename(path))
      if (counts && status.kind !== 'other') found.push({ place, path, bytes: place.namesOnly === true ? 0 : status.size, modifiedMs: status.modifiedMs, executable: status.kind === 'file' && (status.mode & 0o111) !== 0 })
      return
    }
    if (place.namesOnly === true && path !== place.path) found.push({ place, path, bytes: 0, modifiedMs: status.modifiedMs, executable: false })
    if (depth < 0) return
    for (const name of (await told(path, unread, async () => await machine.names(path))) ?? []) {
      if (found.length >= maxFiles) return void unread.push({ at: place.path, why: `more than ${maxFiles} files` })
      if (!skipped(path, name)) await walk(posix.join(path, name), depth - 1, linked || isLink)
    }
  }
  await walk(place.path, place.depth, false)
  return found
}

async function told<T>(at: string, unread: Unread[], read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    unread.push({ at, why: messageOf(error).replace(`cannot read ${at}: `, '') })
    return null
  }
}
