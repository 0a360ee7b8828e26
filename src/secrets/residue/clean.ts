import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HardshellError, Secret, writeFileAtomic, type Clock } from '../../base/index.ts'
import type { LocalStore } from '../local-store.ts'
import { openResidue, readPlain, type OpenResidue, type ResidueFile, type ResidueFinders } from './find.ts'
import type { ResiduePlace } from './places.ts'

/** What became of a file. */
export interface CleanedFile {
  path: string
  /** How many spots were taken out. */
  removed: number
  /** Why it was left as it is; `null`: it is clean now. */
  refused: string | null
}

/** What stands where a secret was. */
export const residueMark = '[removed by hardshell]'

/**
 * Takes the secrets out of each file: whole or not at all, rights kept. Before, the file as it was goes sealed into
 * `undo`; afterwards it is looked into once more. Files that are not plainly ours are left alone and named.
 */
export async function cleanResidue(
  places: readonly ResiduePlace[],
  finders: ResidueFinders,
  { undo, clock }: { undo: LocalStore; clock: Clock },
): Promise<CleanedFile[]> {
  const run = new Date(clock.now()).toISOString().replaceAll(/\D/g, '')
  const cleaned: CleanedFile[] = []
  for (const [index, place] of places.entries()) {
    const file = await openResidue(place, finders)
    if (!file || (file.spots.length === 0 && file.refused === null)) continue
    if (file.refused !== null) {
      cleaned.push({ path: file.path, removed: 0, refused: file.refused })
      continue
    }
    const text = without(file)
    await undo.put(`RESIDUE_${run}_${index}`, new Secret(await recordOf(file, text)))
    await writeFileAtomic(file.path, Buffer.from(text, 'latin1'), { mode: file.mode, owner: file.owner })
    cleaned.push({ path: file.path, removed: file.spots.length, refused: await remains(place, finders) })
  }
  return cleaned
}

/** Puts every file of the last run back, unless it was changed since. @returns what became of each */
export async function undoResidue(undo: LocalStore): Promise<CleanedFile[]> {
  const names = (await undo.list()).map(({ name }) => name)
  const last = names.at(-1)?.split('_')[1]
  if (last === undefined) {
    throw new HardshellError('secrets.residue-refused', 'nothing was cleaned that could be put back', {
      hint: 'hardshell secrets clean-residue',
    })
  }
  const restored: CleanedFile[] = []
  for (const name of names.filter((each) => each.split('_')[1] === last)) {
    const record = JSON.parse((await undo.get(name))!.reveal()) as UndoRecord
    const { path, mode, owner, before } = record
    const refused = await reasonNotToPutBack(record)
    if (refused === null) {
      await writeFileAtomic(path, Buffer.from(before, 'base64'), { mode, owner })
      await undo.remove(name)
    }
    restored.push({ path, removed: 0, refused: refused === null ? null : `${refused}: what it held before stays sealed` })
  }
  return restored
}

/** Between cleaning and putting back the folder's owner may have put anything under that name. */
async function reasonNotToPutBack({ path, folder, after }: UndoRecord): Promise<string | null> {
  if (folder === null || (await folderOf(path)) !== folder) return 'its folder is gone or leads elsewhere'
  const file = await readPlain(path)
  if (file === null) return 'it is gone'
  if ('refused' in file) return file.refused
  return file.leave ?? (digest(file.text) === after ? null : 'it was changed since')
}

/** Without links; `null`: it is not there. */
async function folderOf(path: string): Promise<string | null> {
  return await realpath(dirname(path)).catch(() => null)
}

interface UndoRecord {
  path: string
  /** The folder it was in, without links. */
  folder: string | null
  mode: number
  owner: { uid: number; gid: number }
  /** The bytes as they were, base64. */
  before: string
  /** Digest of what we wrote, to see whether somebody changed it since. */
  after: string
}

async function recordOf({ path, mode, owner, text }: OpenResidue, after: string): Promise<string> {
  const record: UndoRecord = { path, folder: await folderOf(path), mode, owner, before: Buffer.from(text, 'latin1').toString('base64'), after: digest(after) }
  return JSON.stringify(record)
}

function without({ text, spans, removal }: OpenResidue): string {
  let [out, from] = ['', 0]
  for (const { start, end } of spans) {
    if (start < from) continue // its line is gone already
    const lineStart = text.lastIndexOf('\n', start - 1) + 1
    const lineEnd = text.indexOf('\n', end)
    const [cut, rest] = removal === 'mark' ? [start, end] : [Math.max(lineStart, from), lineEnd < 0 ? text.length : lineEnd + 1]
    out += text.slice(from, cut) + (removal === 'mark' ? residueMark : '')
    from = rest
  }
  return out + text.slice(from)
}

async function remains(place: ResiduePlace, finders: ResidueFinders): Promise<string | null> {
  const file: ResidueFile | null = await openResidue(place, finders)
  const left = file?.spots.length ?? 0
  return left === 0 ? null : `${left} are still found in it`
}

function digest(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex')
}
