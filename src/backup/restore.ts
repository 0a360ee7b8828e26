import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { HardshellError, messageOf, readIfThere, writeFileAtomic } from '../base/index.ts'
import { digestOf, type KeptFile, type Snapshot } from './snapshot.ts'
import { aloneIn, contentOf, findSnapshot } from './snapshots.ts'

/** What changes files: harden's hands fit. A neighbour is a name beside the file. */
export interface FileHands {
  look(path: string): Promise<{ kind: 'file' | 'folder'; bytes: Buffer | null; mode: number; uid: number; gid: number } | null>
  place(path: string, neighbour: string, file: { bytes: Uint8Array; mode: number; uid: number; gid: number }): Promise<void>
  swap(path: string, neighbour: string): Promise<void>
  discard(path: string, neighbour: string): Promise<void>
  remove(path: string): Promise<void>
}

/** What is about to be put back. */
interface Restoring {
  /** The snapshot that is put back, and the one of how it was before. */
  to: string
  before: string
  paths: readonly string[]
}

/** What came of it: the files that were changed; none when everything was so already. */
export interface Restored {
  changed: readonly string[]
  /** The snapshot of how it was before; restoring it takes this restore back. */
  before: string | null
}

/**
 * Puts a snapshot back byte for byte, with modes and owners: every file is written beside its place first, then all
 * change names. Whoever dies in between left a word, and the next call puts everything back as it was.
 *
 * @param ports.keepNow keeps how it is now; called inside and before anything is written
 * @param ports.refused why the result cannot stay, `null` when it can; asked after, and then everything is put back
 * @throws HardshellError `backup.not-restored` and nothing is changed then; `backup.snapshot-damaged`
 */
export async function restoreSnapshot(folder: string, id: string, { hands, keepNow, refused }: { hands: FileHands; keepNow(): Promise<Snapshot>; refused(): Promise<string | null> }): Promise<Restored> {
  await settleRestore(folder, hands)
  const to = await findSnapshot(folder, id)
  const contents = new Map<string, Buffer | null>()
  for (const file of to.files) contents.set(file.path, await contentOf(folder, file))
  const changed = await differing(to.files, hands)
  if (changed.length === 0) return { changed: [], before: null }
  const before = await keepNow()
  return await aloneIn(folder, async () => {
    const paths = changed.map(({ path }) => path)
    const since = await differing(before.files.filter(({ path }) => paths.includes(path)), hands)
    if (since.length > 0) throw new HardshellError('backup.not-restored', `${since[0]!.path} was changed just now: nothing is put back`, { hint: `hardshell backup snapshots diff ${id}` })
    await writeFileAtomic(noteIn(folder), JSON.stringify({ to: to.id, before: before.id, paths } satisfies Restoring))
    try {
      await putAll(changed, (file) => contents.get(file.path)!, hands)
      const why = await refused()
      if (why !== null) throw new Error(why)
      await rm(noteIn(folder))
      return { changed: paths, before: before.id }
    } catch (error) {
      await takeBack(folder, hands)
      throw new HardshellError('backup.not-restored', `snapshot ${id} is not put back, and everything is as it was: ${messageOf(error)}`, { cause: error, hint: `hardshell backup snapshots diff ${id}` })
    }
  })
}

/** Takes back what somebody died in. @returns whether there was anything */
export async function settleRestore(folder: string, hands: FileHands): Promise<boolean> {
  if ((await readIfThere(noteIn(folder))) === null) return false
  return await aloneIn(folder, async () => await takeBack(folder, hands))
}

/** Files of a snapshot that are not as they were then. */
export async function differing(files: readonly KeptFile[], hands: FileHands): Promise<readonly KeptFile[]> {
  const differ = await Promise.all(files.map(async (file) => !isAs(await hands.look(file.path), file)))
  return files.filter((_, index) => differ[index])
}

async function takeBack(folder: string, hands: FileHands): Promise<boolean> {
  const note = await readIfThere(noteIn(folder))
  if (note === null) return false
  const { to, before, paths } = readNote(note, folder)
  const [then, target] = [await findSnapshot(folder, before), await findSnapshot(folder, to)]
  for (const path of paths) {
    await hands.discard(path, neighbourOf(path))
    const [was, ours] = [then.files.find((file) => file.path === path)!, target.files.find((file) => file.path === path)!]
    const seen = await hands.look(path)
    // What somebody has written since is theirs: it is in no snapshot yet, and would be lost.
    if (digest(seen) !== ours.sha256 || isAs(seen, was)) continue
    await putAll([was], async (file) => await contentOf(folder, file), hands)
  }
  await rm(noteIn(folder), { force: true })
  return true
}

function readNote(note: string, folder: string): Restoring {
  try {
    return JSON.parse(note) as Restoring
  } catch (cause) {
    throw new HardshellError('backup.snapshot-damaged', `${noteIn(folder)} cannot be read: a restore was begun, and nobody can tell of what`, { cause, hint: 'compare the newest snapshots with the configuration, then remove that file' })
  }
}

async function putAll(files: readonly KeptFile[], content: (file: KeptFile) => Promise<Buffer | null> | Buffer | null, hands: FileHands): Promise<void> {
  for (const file of files) {
    await hands.discard(file.path, neighbourOf(file.path))
    const bytes = await content(file)
    if (bytes !== null) await hands.place(file.path, neighbourOf(file.path), { bytes, mode: file.mode, uid: file.uid, gid: file.gid })
  }
  for (const { path, sha256 } of files) {
    if (sha256 === null) await hands.remove(path)
    else await hands.swap(path, neighbourOf(path))
  }
}

type Seen = Awaited<ReturnType<FileHands['look']>>

function isAs(seen: Seen, file: KeptFile): boolean {
  if (seen === null || file.sha256 === null) return digest(seen) === file.sha256
  return digest(seen) === file.sha256 && seen.mode === file.mode && seen.uid === file.uid && seen.gid === file.gid
}

function digest(seen: Seen): string | null {
  return seen === null ? null : seen.bytes === null ? 'a folder' : digestOf(seen.bytes)
}

function neighbourOf(path: string): string {
  return `.${path.slice(dirname(path).length).replace('/', '')}.hardshell-restore`
}

function noteIn(folder: string): string {
  return join(folder, 'restoring.json')
}
