import type { AdvisoryFile } from '../versions/advisory-file.ts'
import { advisoriesInUse, advisoriesName } from '../versions/shipped.ts'
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
    const inUse = advisoriesInUse(text, path)
    return { ...inUse.list, path: inUse.path, now: subject.now }
  },
}

/** As the command line finds it: `HARDSHELL_STATE`, then `/var/lib/hardshell` for root and `~/.hardshell` for others. */
function stateFolderOf({ host, files, guard }: Subject): string {
  const machine = host ?? files
  if (guard !== null) return guard.stateDir
  return machine.env['HARDSHELL_STATE'] ?? (machine.uid === 0 ? '/var/lib/hardshell' : `${machine.home}/.hardshell`)
}
