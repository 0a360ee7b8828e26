import type { Change } from './change.ts'
import type { Flaw } from './check.ts'

interface WithMode {
  path: string
  mode: number
}

/** Group and others may write. */
export const writableByOthers = 0o022
/** Group and others may do anything at all. */
export const openToOthers = 0o077

/** Those that have one of the forbidden bits. */
export function looseModes(files: readonly WithMode[], forbidden: number): readonly Flaw[] {
  return files.filter(({ mode }) => (mode & forbidden) !== 0).map(({ path, mode }) => ({ at: path, saw: `mode ${octal(mode)}`, want: `mode ${octal(mode & ~forbidden)} or less` }))
}

/** Takes the forbidden bits away and leaves the others. */
export function tightened(files: readonly WithMode[], forbidden: number): readonly Change[] {
  return files.filter(({ mode }) => (mode & forbidden) !== 0).map(({ path, mode }) => ({ kind: 'mode', path, from: mode, to: mode & ~forbidden }))
}

/** Permission bits as `chmod` takes them: `0640`. */
export function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}
