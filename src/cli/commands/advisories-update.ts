import { join, resolve } from 'node:path'
import { advisoriesName, updateAdvisories } from '../../posture/index.ts'
import { pathsFor } from '../guard-access.ts'
import { visible, type Terminal } from '../terminal.ts'

/** `hardshell advisories update --file FILE`: another list of known holes from here on. Nothing is fetched. */
export async function advisoriesUpdate(options: Readonly<Record<string, string | boolean | undefined>>, terminal: Terminal): Promise<number> {
  const to = join(pathsFor({ state: options['state'] }, terminal).root, advisoriesName)
  const { before, after } = await updateAdvisories({
    from: resolve(terminal.cwd, String(options['file'])),
    to,
    ...(typeof options['sha256'] === 'string' && { sha256: options['sha256'] }),
    force: options['force'] === true,
  })
  const { date, origin, sha256, advisories } = after
  if (options['json'] === true) terminal.out(JSON.stringify({ path: to, date, origin, sha256, advisories: advisories.length, before: before.date }))
  else terminal.out(`${advisories.length} advisories of ${date} (${visible(origin)}) in ${to}; before: ${before.date}\nnext: ${terminal.self} versions list`)
  return 0
}
