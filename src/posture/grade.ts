import { severities, type Severity } from './check.ts'

/** A to F, as school teachers give them: F whoever asks owns it, A nothing worth a sentence is left. */
export type Grade = 'A' | 'B' | 'C' | 'D' | 'F'

/**
 * The worst finding decides; more of the same kind lower it by one step at most, so that ten trifles never look worse
 * than one open door. Unknown answers cap the grade at B: what nobody looked at is not clean.
 */
export function gradeOf(findings: readonly { severity: Severity }[], unknown: number): Grade {
  const counts = Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<Severity, number>
  for (const { severity } of findings) counts[severity]++
  if (counts.critical > 0) return 'F'
  if (counts.high > 0) return counts.high > 3 ? 'F' : 'D'
  if (counts.medium > 0) return counts.medium > 5 ? 'D' : 'C'
  if (counts.low > 0 || unknown > 0) return 'B'
  return 'A'
}
