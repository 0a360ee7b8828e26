import { posix } from 'node:path'
import { matchesName, type Machine } from '../../host/index.ts'
import { askAll } from '../ask-all.ts'
import { DoesNotArise, type FactReader } from '../subject.ts'
import { mayHoldKeys } from './image-layers.ts'

/** A folder that a Dockerfile of OpenClaw copies into its image as a whole. */
export interface BuildContext {
  dockerfile: string
  line: number
  /** The file that says what stays out, and what it says; `null`: there is none. */
  ignore: { path: string; text: string | null }
  /** Names in the folder itself that are called as files with keys are, and are not left out. */
  carried: readonly string[]
}

export const buildContexts: FactReader<readonly BuildContext[]> = {
  async read({ files }, ask) {
    const copying = (await ask('containers')).dockerfiles.filter(({ copiesAllAt }) => copiesAllAt !== null)
    if (copying.length === 0) throw new DoesNotArise('no Dockerfile of OpenClaw copies a whole folder')
    return await Promise.all(copying.map(async ({ path, copiesAllAt }) => {
      const ignore = await ignoreFileOf(files, path)
      const names = ((await files.names(posix.dirname(path))) ?? []).filter((name) => mayHoldKeys(name) && !isLeftOut(ignore.text ?? '', name))
      const kinds = await askAll(names, async (name) => (await files.status(posix.join(posix.dirname(path), name)))?.kind)
      return { dockerfile: path, line: copiesAllAt!, ignore, carried: names.filter((_, i) => kinds[i] === 'file') }
    }))
  },
}

/** One that is called after the Dockerfile goes before the folder's (Docker docs, ".dockerignore files"). */
async function ignoreFileOf(files: Machine, dockerfile: string): Promise<BuildContext['ignore']> {
  const own = `${dockerfile}.dockerignore`
  const text = await files.text(own)
  if (text !== null) return { path: own, text }
  const path = posix.join(posix.dirname(dockerfile), '.dockerignore')
  return { path, text: await files.text(path) }
}

/** Of a name in the folder itself: the last line that fits decides, `!` lets in again (the same page). Pure. */
export function isLeftOut(ignore: string, name: string): boolean {
  let isOut = false
  for (const raw of ignore.split('\n')) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const pattern = line.replace(/^!/, '').trim().replace(/^(?:\.?\/|\*\*\/)+/, '').replace(/\/+$/, '').replace(/^\*\*$/, '*')
    // A star takes a dot there, other than in a shell.
    if (matchesName(`x${pattern}`, `x${name}`)) isOut = !line.startsWith('!')
  }
  return isOut
}
