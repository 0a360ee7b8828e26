import type { ModeChange } from './change.ts'
import type { Flaw } from './check.ts'
import type { GuardConfigFacts, GuardFolders } from './facts/guard-config.ts'

type Holds = GuardFolders['places'][number]['holds']

/** Folders and files of the guard whose mode has one of these bits. */
export function flawsOfPlaces(facts: GuardConfigFacts, holds: Holds, forbidden: number): Flaw[] {
  return tooOpen(facts, holds, forbidden).map(({ path, status }) => ({ at: path, saw: `mode ${octal(status.mode)}`, want: `mode ${octal(status.mode & ~forbidden)}` }))
}

/** The changes that take those bits away. */
export function narrowed(facts: GuardConfigFacts, holds: Holds, forbidden: number): ModeChange[] {
  return tooOpen(facts, holds, forbidden).map(({ path, status }) => ({ kind: 'mode', path, from: status.mode, to: status.mode & ~forbidden }))
}

/** A link's own mode means nothing. */
function tooOpen(facts: GuardConfigFacts, holds: Holds, forbidden: number): GuardFolders['places'] {
  return (facts.guard?.places ?? []).filter((place) => place.holds === holds && place.status.kind !== 'link' && (place.status.mode & forbidden) !== 0)
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`
}
