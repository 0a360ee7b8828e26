import type { Confidence } from './indicator.ts'

/** What kind of place a text is from: the same line is a command in a crontab and an example in a manual. */
export type PlaceKind =
  | 'skill'
  | 'plugin'
  | 'memory'
  | 'transcript'
  | 'executed'
  | 'history'
  | 'cron'
  | 'unit'
  | 'startup'
  | 'keys'
  | 'hosts'
  | 'log'
  | 'egress'

/** Places whose text is run, by somebody or by itself. */
export const runPlaces: readonly PlaceKind[] = ['executed', 'history', 'cron', 'unit', 'startup']
/** Places an attacker writes for an agent or a person to follow. */
export const writtenPlaces: readonly PlaceKind[] = ['skill', 'plugin', 'memory']

/** A way to behave that has no honest reason where it is found; it needs no list and finds the next campaign too. */
export interface Behaviour {
  id: string
  /** What it does, for a person. */
  means: string
  source: string
  in: readonly PlaceKind[]
  /** Only in text that was hidden, never in plain sight. */
  hiddenOnly?: boolean
  /** How sure it is, by place. */
  confidence(kind: PlaceKind): Confidence
  /** Where it is, in UTF-16 units; at most a handful. */
  find(text: string): readonly number[]
  examples: { hit: readonly string[]; clean: readonly string[] }
}

/** First places of a pattern, at most eight: the ninth tells nobody anything new. The pattern is global. */
export function placesOf(text: string, pattern: RegExp, holds: (match: RegExpExecArray) => boolean = () => true): number[] {
  const found: number[] = []
  for (const match of text.matchAll(pattern)) {
    if (holds(match)) found.push(match.index)
    if (found.length >= 8) break
  }
  return found
}

/** Asks only about places so far apart: a file of nothing but openings must not be read once for each of them. */
export function apartBy(units: number, holds: (match: RegExpExecArray) => boolean): (match: RegExpExecArray) => boolean {
  let next = 0
  return (match) => {
    if (match.index < next) return false
    next = match.index + units
    return holds(match)
  }
}

/** The text around a place, so many units to both sides. */
export function around(text: string, at: number, units: number): string {
  return text.slice(Math.max(0, at - units), at + units)
}
