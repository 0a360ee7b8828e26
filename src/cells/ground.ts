import { lstatSync, realpathSync, statSync, type Stats } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { HardshellError } from '../base/index.ts'

/**
 * Refuses a root that somebody else than root or we ourselves could exchange for something else: a link, a folder of
 * another user, or one others can write into, at any height. What is not there yet is judged by the folders above it.
 * @throws HardshellError `cells.foreign`
 */
export function refuseForeign(root: string): void {
  const written = resolve(root)
  refuseLink(written)
  for (let path = written; ; path = dirname(path)) {
    const found = lstatSync(path, { throwIfNoEntry: false })
    if (found) refuseOwner(path, found)
    // A link above (such as /var/run) may be followed when its place and all that it leads to are in safe hands.
    if (found?.isSymbolicLink()) refuseForeign(realpathSync(path))
    else if (found) refuseWriters(path, found)
    if (path === dirname(path)) return
  }
}

/** The same for a file whose folder was judged. @throws HardshellError `cells.foreign` */
export function refuseForeignFile(file: string): void {
  refuseLink(file)
  const found = statSync(file)
  refuseOwner(file, found)
  refuseWriters(file, found)
}

function refuseLink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) throw foreign(`${path} is a link`)
}

function refuseOwner(path: string, { uid }: Stats): void {
  if (uid !== 0 && uid !== process.getuid?.()) throw foreign(`${path} belongs to user ${uid}`)
}

function refuseWriters(path: string, found: Stats): void {
  const { mode, gid } = found
  // In a folder such as /tmp nobody can move what is another's.
  if (found.isDirectory() && (mode & 0o1000) !== 0) return
  const byGroup = (mode & 0o020) !== 0 && gid !== 0 && gid !== process.getgid?.()
  if (byGroup || (mode & 0o002) !== 0) throw foreign(`others can write into ${path}`)
}

function foreign(what: string): HardshellError {
  return new HardshellError('cells.foreign', `cells cannot lie there: ${what}`, { hint: 'choose a folder of your own, below folders only root or you can change: --root /var/lib/hardshell-cells' })
}
