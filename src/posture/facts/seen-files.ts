import { posix } from 'node:path'
import type { Machine } from '../../host/index.ts'
import { askAll } from '../ask-all.ts'

/** What stands behind a name: links are followed, and told. */
export interface SeenFile {
  path: string
  kind: 'file' | 'folder' | 'other'
  mode: number
  uid: number
  gid: number
  modifiedMs: number
  /** Where the name leads when it is a link; modes are those of the end of it. */
  link: string | null
}

// As many as the kernel follows (path_resolution(7)).
const maxLinks = 40

/** `null` when it is not there, or a link that leads nowhere. */
export async function seeFile(files: Machine, path: string): Promise<SeenFile | null> {
  let [at, link] = [path, null as string | null]
  for (let links = 0; links <= maxLinks; links++) {
    const status = await files.status(at)
    if (status === null) return null
    const { kind, mode, uid, gid, modifiedMs, target } = status
    if (kind !== 'link') return { path, kind, mode, uid, gid, modifiedMs, link }
    at = posix.resolve(posix.dirname(at), target!)
    link = at
  }
  throw new Error(`${path} is a ring of links`)
}

/** Those of the paths that are there. */
export async function seeFiles(files: Machine, paths: readonly string[]): Promise<SeenFile[]> {
  const seen = await askAll(paths, async (path) => await seeFile(files, path))
  return seen.filter((file) => file !== null)
}

/** Names in a folder as paths, none when it is not there or no folder. */
export async function pathsIn(files: Machine, folder: string, wanted: (name: string) => boolean = () => true): Promise<string[]> {
  if ((await seeFile(files, folder))?.kind !== 'folder') return []
  return ((await files.names(folder)) ?? []).filter(wanted).map((name) => posix.join(folder, name))
}
