import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readIfThere, writeFileAtomic } from '../../base/index.ts'
import { lineDifference, type ProfileFile } from '../../profiles/index.ts'

/** What became of one file. */
export interface WrittenFile {
  path: string
  outcome: 'written' | 'unchanged' | 'differs'
  /** Lines of the difference between what is there and what would be written. */
  difference: string[]
}

/** Writes what is missing. What is there and differs is only replaced with `force`; nothing is written while one is left. */
export async function writeProfile(out: string, files: readonly ProfileFile[], force: boolean): Promise<WrittenFile[]> {
  const looked = await Promise.all(files.map((file) => look(out, file)))
  if (!force && looked.some(({ outcome }) => outcome === 'differs')) return looked.map((one) => (one.outcome === 'written' ? { ...one, outcome: 'differs', difference: ['(would be new)'] } : one))
  for (const [index, { path, outcome }] of looked.entries()) {
    if (outcome === 'unchanged') continue
    await mkdir(dirname(path), { recursive: true })
    await writeFileAtomic(path, files[index]!.text, { mode: files[index]!.mode })
  }
  return looked.map((one) => (one.outcome === 'differs' ? { ...one, outcome: 'written' } : one))
}

async function look(out: string, file: ProfileFile): Promise<WrittenFile> {
  const path = join(out, file.path)
  const present = await readIfThere(path)
  if (present === null) return { path, outcome: 'written', difference: [] }
  if (present === file.text) return { path, outcome: 'unchanged', difference: [] }
  return { path, outcome: 'differs', difference: lineDifference(present, file.text) }
}
