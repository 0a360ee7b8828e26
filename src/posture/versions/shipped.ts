import { readAdvisories, type AdvisoryFile } from './advisory-file.ts'
import shipped from './advisories.json' with { type: 'json' }

/** The advisories this release came with, held against their digest like any other file. */
export function shippedAdvisories(): AdvisoryFile {
  return readAdvisories(JSON.stringify(shipped), 'the advisory file of this release')
}

/**
 * The list that holds: the one somebody brought, unless an update of Hardshell came with a newer one.
 * @param text what lies at `path`; `null`: nothing
 * @throws HardshellError `posture.advisories-unusable` for a broken one: it is refused, not passed over
 */
export function advisoriesInUse(text: string | null, path: string): { list: AdvisoryFile; path: string | null } {
  const own = shippedAdvisories()
  if (text === null) return { list: own, path: null }
  const brought = readAdvisories(text, path)
  return brought.date < own.date ? { list: own, path: null } : { list: brought, path }
}

/** Where `advisories update` puts a newer one, below Hardshell's state folder. */
export const advisoriesName = 'advisories.json'
