import { readAdvisories, type AdvisoryFile } from '../versions/advisory-file.ts'
import { advisoriesName, shippedAdvisories } from '../versions/shipped.ts'
import type { FactReader, Subject } from '../subject.ts'

/** The known holes that are judged against, and when "today" is. */
export interface AdvisoryFacts extends AdvisoryFile {
  /** The file, `null` for what this release came with. */
  path: string | null
  /** Milliseconds since 1970. */
  now: number
}

/** The file in the state folder where there is one, however old: a broken one is refused, not passed over. */
export const advisories: FactReader<AdvisoryFacts> = {
  async read(subject) {
    const path = `${stateFolderOf(subject)}/${advisoriesName}`
    const text = await (subject.host ?? subject.files).text(path)
    if (text === null) return { ...shippedAdvisories(), path: null, now: subject.now }
    const brought = readAdvisories(text, path)
    const shipped = shippedAdvisories()
    // An update of Hardshell may bring a newer one than the one in the state folder.
    return brought.date < shipped.date ? { ...shipped, path: null, now: subject.now } : { ...brought, path, now: subject.now }
  },
}

/** As the command line finds it: `HARDSHELL_STATE`, then `/var/lib/hardshell` for root and `~/.hardshell` for others. */
function stateFolderOf({ host, files, guard }: Subject): string {
  const machine = host ?? files
  if (guard !== null) return guard.stateDir
  return machine.env['HARDSHELL_STATE'] ?? (machine.uid === 0 ? '/var/lib/hardshell' : `${machine.home}/.hardshell`)
}
