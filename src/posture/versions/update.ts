import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HardshellError, messageOf, readIfThere, writeFileAtomic } from '../../base/index.ts'
import { readAdvisories, type AdvisoryFile } from './advisory-file.ts'
import { shippedAdvisories } from './shipped.ts'

const dayMs = 24 * 60 * 60 * 1000

export interface AdvisoryUpdate {
  /** The file somebody brought. */
  from: string
  /** Where it goes. */
  to: string
  /** SHA-256 the file has to name, got by another way than the file. */
  sha256?: string
  /** Takes an older file, and replaces one that is broken. */
  force: boolean
}

/**
 * Puts a file of advisories in the place of the one in use; a crash leaves the old one or the new one.
 * @throws HardshellError `posture.advisories-unusable` for a file that is not whole, not the one that was meant, or
 * older than what is in use
 */
export async function updateAdvisories({ from, to, sha256, force }: AdvisoryUpdate, now = Date.now()): Promise<{ before: AdvisoryFile; after: AdvisoryFile }> {
  const text = await read(from)
  if (text === null) throw refused(`${from} is not there`, 'docs/versions.md says where such a file comes from')
  const after = readAdvisories(text, from)
  if (sha256 !== undefined && sha256.toLowerCase() !== after.sha256) throw refused(`${from} is not the file that was meant: its digest is ${after.sha256}`)
  // A day ahead is a time zone. A year ahead would be fresh for a year, and every true list older than it.
  if (!force && Date.parse(after.date) > now + dayMs) throw refused(`${from} is of ${after.date}, which has not come yet`, '--force takes it all the same')
  const before = await inUse(to, force)
  if (!force && after.date < before.date) throw refused(`${from} is of ${after.date}, older than the one in use of ${before.date}`, '--force takes it all the same')
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  await writeFileAtomic(to, text)
  return { before, after }
}

async function inUse(path: string, force: boolean): Promise<AdvisoryFile> {
  const text = await read(path)
  if (text === null) return shippedAdvisories()
  try {
    return readAdvisories(text, path)
  } catch (error) {
    if (force) return shippedAdvisories()
    throw refused(`the file in use cannot be compared: ${messageOf(error)}`, '--force replaces it')
  }
}

async function read(path: string): Promise<string | null> {
  try {
    return await readIfThere(path)
  } catch (error) {
    throw refused(`${path} cannot be read: ${messageOf(error)}`)
  }
}

function refused(what: string, hint?: string): HardshellError {
  return new HardshellError('posture.advisories-unusable', what, hint === undefined ? {} : { hint })
}
