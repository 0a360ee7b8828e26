import type { Check } from './check.ts'
import type { Finding } from './judge.ts'
import type { NativeFinding } from './native-output.ts'

export interface Merged<F> {
  /** Ours, each with the ids under which OpenClaw tells the same. */
  findings: readonly (F & { also: readonly string[] })[]
  /** What only OpenClaw says; `contradicts` names checks of ours that looked at the same and were satisfied. */
  native: readonly (NativeFinding & { contradicts: readonly string[] })[]
}

/** Tells what two judges found once. `passed` are the ids of our checks that were answered with yes. Pure. */
export function mergeNative<F extends Pick<Finding, 'covers'>>(findings: readonly F[], native: readonly NativeFinding[], { checks, passed }: { checks: readonly Check[]; passed: readonly string[] }): Merged<F> {
  const withIds = findings.map((finding) => ({
    ...finding,
    also: [...new Set(native.filter(({ id }) => covers(finding.covers, id)).map(({ id }) => id))],
  }))
  const satisfied = checks.filter(({ id }) => passed.includes(id))
  const alone = native.filter(({ id }) => !findings.some((finding) => covers(finding.covers, id)))
  return {
    findings: withIds,
    native: onceEach(alone).map((one) => ({ ...one, contradicts: satisfied.filter((check) => covers(check.covers ?? [], one.id)).map(({ id }) => id) })),
  }
}

/** Whether one of the patterns is this id; `*` is one name without dots. */
export function covers(patterns: readonly string[], id: string): boolean {
  return patterns.some((pattern) => pattern === id || (pattern.includes('*') && matcher(pattern).test(id)))
}

function matcher(pattern: string): RegExp {
  const escaped = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${escaped.join('[^.]+')}$`)
}

/** The doctor repeats what the audit has said; the first is told. */
function onceEach(findings: readonly NativeFinding[]): NativeFinding[] {
  const seen = new Set<string>()
  return findings.filter(({ id, at, judge }) => {
    const other = judge === 'doctor' ? id : `${id}\n${at}`
    const known = seen.has(other)
    seen.add(id)
    seen.add(other)
    return !known
  })
}
