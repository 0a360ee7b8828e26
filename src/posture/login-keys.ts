import type { FileChange } from './change.ts'
import type { Flaw } from './check.ts'
import type { AuthorizedKeysFacts, KeyFile } from './facts/authorized-keys.ts'

/** These flaws, or no answer at all where a file could not be read and the others are clean. @throws Error */
export function answeredByAll({ unreadable }: AuthorizedKeysFacts, flaws: readonly Flaw[]): readonly Flaw[] {
  const [first] = unreadable
  if (flaws.length === 0 && first !== undefined) throw new Error(`the keys of ${first.user} are not readable: ${first.why}`)
  return flaws
}

/** The file without some of its lines. */
export function withoutLines({ path, text }: KeyFile, lines: readonly number[]): FileChange {
  const kept = text.split('\n').filter((_, index) => !lines.includes(index + 1))
  return { kind: 'file', path, from: text, to: kept.join('\n') }
}
