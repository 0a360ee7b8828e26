import { join } from 'node:path'
import { readIfThere } from '../../base/index.ts'
import { standingOf, type Advisory } from './advisory.ts'
import { compareVersions, parseVersion } from './version.ts'
import { advisoriesInUse, advisoriesName } from './shipped.ts'

/** What is known of one version of OpenClaw. */
export interface KnownHoles {
  /** Day and origin of the list. */
  date: string
  origin: string
  affected: readonly Advisory[]
  /** Of which nobody can tell whether it has them. */
  unknown: number
}

/**
 * The known holes of a version of OpenClaw, by the list in a state folder or the one that was shipped, whichever is newer.
 * @throws HardshellError `posture.advisories-unusable` for a list that is broken: no version is clean by it
 */
export async function holesOfOpenClaw(version: string, stateFolder: string): Promise<KnownHoles> {
  const path = join(stateFolder, advisoriesName)
  const { date, origin, advisories } = advisoriesInUse(await readIfThere(path), path).list
  const about = advisories.filter((one) => one.package === 'openclaw')
  return { date, origin, affected: about.filter((one) => standingOf(one, version) === 'affected'), unknown: about.filter((one) => standingOf(one, version) === 'unknown').length }
}

/** Whether a version came before another; `null`: one of them cannot be read. Pure. */
export function isOlder(version: string, than: string): boolean | null {
  const [a, b] = [parseVersion(version), parseVersion(than)]
  return a === null || b === null ? null : compareVersions(a, b) < 0
}
