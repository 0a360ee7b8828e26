import { HardshellError } from '../base/index.ts'

/**
 * How values are written in each syntax so that they stay values. Paths of an installation are the operator's, but a
 * folder can be named anything: a `%` that systemd expands or a space that ends an argument would change what runs.
 */

/** One argument of `ExecStart=:`; the colon switches `$` off (systemd.service(5)), `%` is doubled (systemd.unit(5)). */
export function unitArgument(text: string): string {
  return unitQuoted(text)
}

/** One path in a list of paths (`ReadWritePaths=`, `BindReadOnlyPaths=`, whose `:` parts source from target). */
export function unitPath(path: string): string {
  return unitQuoted(path.replaceAll(':', '\\:'))
}

/** The rest of a line that is one value: `WorkingDirectory=`, `LoadCredential=`; a space needs nothing there. */
export function unitText(text: string): string {
  return plain(text, 'a unit').replaceAll('%', '%%')
}

function unitQuoted(text: string): string {
  return `"${plain(text, 'a unit').replaceAll(/["\\]/g, '\\$&').replaceAll('%', '%%')}"`
}

/** A path or pattern-free name in an AppArmor rule; what AppArmor globs with is escaped (apparmor.d(5)). */
export function apparmorPath(path: string): string {
  return `"${plain(path, 'an AppArmor profile').replaceAll(/["\\*?[\]{}^]/g, '\\$&')}"`
}

/** A word of a POSIX shell. Anything but NUL can stand between single quotes. */
export function shellWord(text: string): string {
  if (text.includes('\0')) throw unwritable(text, 'a shell script')
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** A text in a Compose file: `$` would begin a variable (Compose specification, interpolation). */
export function composeText(text: string): string {
  return text.replaceAll('$', '$$$$')
}

// No syntax here can carry a line break in a path without a reader that takes it for the end of the line.
function plain(text: string, where: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) throw unwritable(text, where)
  return text
}

function unwritable(text: string, where: string): HardshellError {
  return new HardshellError('profiles.unwritable', `${JSON.stringify(text)} holds a control character and cannot be written into ${where}`, {
    hint: 'rename the folder',
  })
}
