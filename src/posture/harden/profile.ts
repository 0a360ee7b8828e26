import { HardshellError } from '../../base/index.ts'
import type { Check, Risk, Severity } from '../check.ts'

/** For whom a machine is hardened. */
export const profiles = ['personal', 'team', 'production'] as const
export type Profile = (typeof profiles)[number]

/** Which checks take part, by how bad it is and by what mending it can cost. */
const takingPart: Readonly<Record<Profile, { severities: readonly Severity[]; risks: readonly Risk[] }>> = {
  // Somebody's own machine, often without a console to go back to: nothing that could lock them out.
  personal: { severities: ['critical', 'high', 'medium'], risks: ['safe', 'restart'] },
  team: { severities: ['critical', 'high', 'medium', 'low'], risks: ['safe', 'restart', 'lockout'] },
  production: { severities: ['critical', 'high', 'medium', 'low', 'info'], risks: ['safe', 'restart', 'lockout'] },
}

/** What was asked for. */
export interface Choice {
  profile: Profile
  /** Ids or areas (`sshd`, `sshd.*`); these take part whatever the profile says. Empty: all of the profile. */
  only: readonly string[]
}

/** The checks a choice is about. @throws HardshellError `posture.unknown-check` */
export function chosen(checks: readonly Check[], { profile, only }: Choice): readonly Check[] {
  const named = (check: Check, name: string): boolean => check.id === name || check.id.startsWith(`${name.replace(/\.?\*$/, '')}.`)
  for (const name of only) {
    if (!checks.some((check) => named(check, name))) {
      throw new HardshellError('posture.unknown-check', `there is no check or area ${name}`, { hint: 'hardshell security checks' })
    }
  }
  if (only.length > 0) return checks.filter((check) => only.some((name) => named(check, name)))
  const { severities, risks } = takingPart[profile]
  return checks.filter(({ severity, fix }) => severities.includes(severity) && fix !== undefined && risks.includes(fix.risk))
}
