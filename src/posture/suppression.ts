import type { Finding } from './judge.ts'

/** A decision to live with a finding. All of it is said in the report. */
export interface Suppression {
  /** A check of ours or an id of OpenClaw's own audit. */
  id: string
  /** The one place it is for; without, every place of the check. */
  at?: string | undefined
  reason: string
  owner: string
  /** Last day it holds, `YYYY-MM-DD` in UTC. */
  expires: string
}

export interface Suppressed<F> {
  /** What counts, the expired included. */
  counted: readonly F[]
  suppressed: readonly (F & { suppression: Suppression })[]
  /** Ended: the findings they were for count again. */
  expired: readonly Suppression[]
  /** They hold and are for nothing that was found: the flaw is gone, or the place is misspelt. */
  unused: readonly Suppression[]
}

/**
 * Sorts findings into those that count and those somebody answers for. Pure.
 * @param wasAnswered whether a question was asked and answered this time: of the others nobody knows that nothing is to be accepted any more
 */
export function suppress<F extends Pick<Finding, 'id' | 'at'>>(findings: readonly F[], suppressions: readonly Suppression[], nowMs: number, wasAnswered: (id: string) => boolean = () => true): Suppressed<F> {
  const today = new Date(nowMs).toISOString().slice(0, 10)
  const holding = suppressions.filter(({ expires }) => expires >= today)
  const used = new Set<Suppression>()
  const counted: F[] = []
  const suppressed: (F & { suppression: Suppression })[] = []
  for (const finding of findings) {
    const suppression = holding.find((one) => isFor(one, finding))
    if (suppression === undefined) counted.push(finding)
    else {
      used.add(suppression)
      suppressed.push({ ...finding, suppression })
    }
  }
  const ended = suppressions.filter(({ expires }) => expires < today)
  return {
    counted,
    suppressed,
    expired: ended.filter((one) => findings.some((finding) => isFor(one, finding))),
    unused: holding.filter((one) => !used.has(one) && wasAnswered(one.id)),
  }
}

function isFor({ id, at }: Suppression, finding: Pick<Finding, 'id' | 'at'>): boolean {
  return id === finding.id && (at === undefined || at === finding.at || at === withoutLine(finding.at))
}

/** A place without its line, which moves whenever somebody writes above it. */
export function withoutLine(at: string): string {
  return at.replace(/:\d+$/, '')
}
