import { readAdvisories, type AdvisoryFile } from './advisory-file.ts'
import shipped from './advisories.json' with { type: 'json' }

/** The advisories this release came with, held against their digest like any other file. */
export function shippedAdvisories(): AdvisoryFile {
  return readAdvisories(JSON.stringify(shipped), 'the advisory file of this release')
}

/** Where `advisories update` puts a newer one, below Hardshell's state folder. */
export const advisoriesName = 'advisories.json'
