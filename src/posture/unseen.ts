/** Something a fact is about and that was not looked at, as there is too much of it. Every report tells it. */
export interface Unseen {
  /** The fact, and what of it: `residue.session`. A check that rests on it does not pass. */
  part: string
  /** What there is too much of: `transcripts`. */
  what: string
  /** The folder, or the place that stands for all of them. */
  at: string
  looked: number
  /** How many there are; `null` where nobody counted to the end. */
  of: number | null
  /** What looks at the rest, as a command; `null` when nothing of ours does. */
  next?: string
}

/** Whether a check that rests on these parts is about it; a fact's name stands for all its parts. */
export function restsOn(parts: readonly string[], { part }: Unseen): boolean {
  return parts.some((one) => one === part || part.startsWith(`${one}.`))
}

/** One sentence for a person. */
export function unseenLine({ what, at, looked, of, next }: Unseen): string {
  const rest = next === undefined ? '' : `; next: ${next}`
  return of === null ? `only ${looked} ${what} in ${at} were looked at, and there are more${rest}` : `${looked} of ${of} ${what} in ${at} were looked at${rest}`
}

/** What was left out and no unknown answer tells already. */
export function untold({ leftOut, unknown }: { leftOut: readonly Unseen[]; unknown: readonly { why: string }[] }): readonly string[] {
  const told = new Set(unknown.map(({ why }) => why))
  return [...new Set(leftOut.map((one) => unseenLine(one)))].filter((line) => !told.has(line))
}
