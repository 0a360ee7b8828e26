import type { AdvisoryFacts } from '../facts/running-versions-advisories.ts'
import type { RunningVersionsFacts } from '../facts/running-versions.ts'
import type { AddOn } from './add-ons.ts'
import { standingOf, type Standing } from './advisory.ts'
import { endOfNode, endOfOs } from './end-of-life.ts'
import { openclawsOf, type JudgedOpenclaw } from './openclaw-versions.ts'

/** One thing with a version, and what is known of it. */
export interface ListedVersion {
  what: 'openclaw' | 'node' | 'os' | 'plugin' | 'skill'
  name: string
  /** `null`: it cannot be told. */
  version: string | null
  at: string
  /** Ids of the holes it has. */
  affected: readonly string[]
  /** Ids of which nobody can tell whether it has them. */
  unknown: readonly string[]
  /** Day its fixes end, `null` where it has no such day or nobody entered it. */
  ends: string | null
}

export interface ListedVersions {
  advisories: { date: string; origin: string; count: number; path: string | null }
  versions: readonly ListedVersion[]
}

/** What runs and is installed, against the known holes and the ends of support. Pure. */
export function listVersions(facts: { running: RunningVersionsFacts | null; addOns: readonly AddOn[]; advisories: AdvisoryFacts }): ListedVersions {
  const { running, addOns, advisories } = facts
  const holes = (name: string, version: string | null): Pick<ListedVersion, 'affected' | 'unknown'> => {
    const about = advisories.advisories.filter((one) => one.package === name)
    const ids = (standing: Standing): string[] => about.filter((one) => standingOf(one, version) === standing).map(({ id }) => id)
    return { affected: ids('affected'), unknown: ids('unknown') }
  }
  const os = running?.os ?? null
  return {
    advisories: { date: advisories.date, origin: advisories.origin, count: advisories.advisories.length, path: advisories.path },
    versions: [
      ...(running === null ? [] : openclaws(running)).map(({ at, version }): ListedVersion => ({ what: 'openclaw', name: 'openclaw', version, at, ...holes('openclaw', version), ends: null })),
      ...(running?.nodes ?? []).map(({ version, program }): ListedVersion => ({ what: 'node', name: 'node', version, at: program, ...holes('node', version), ends: endOfNode(version)?.free ?? null })),
      ...(os === null ? [] : [{ what: 'os' as const, name: os.name, version: os.versionId || null, at: '/etc/os-release', affected: [], unknown: [], ends: endOfOs(os.id, os.versionId)?.free ?? null }]),
      ...addOns.map(({ kind, name, version, at }): ListedVersion => ({ what: kind, name, version, at, ...holes(name, version), ends: null })),
    ],
  }
}

/** None is an answer here, and no error. */
function openclaws(running: RunningVersionsFacts): readonly JudgedOpenclaw[] {
  return running.installed.length === 0 && (running.gateways ?? []).length === 0 ? [] : openclawsOf(running)
}
