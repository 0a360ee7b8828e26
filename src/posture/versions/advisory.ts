import { compareVersions, parseVersion } from './version.ts'

/** From `introduced` on, before `fixed`. `null` is open: since ever, not mended yet. */
export interface AffectedRange {
  introduced: string | null
  fixed: string | null
  /** Where the record names the last version that has it, and none that is mended. */
  lastAffected?: string | undefined
}

/** A known hole: CVE, GHSA or, where it has neither, the name it was published under. */
export interface Advisory {
  id: string
  /** What it is about: `openclaw`, `node`, `openssh`, or the name of a plugin or skill. */
  package: string
  /** `null`: nobody has told us which versions; then no version is taken for safe. */
  affected: readonly AffectedRange[] | null
  severity: 'critical' | 'high' | 'medium' | 'low' | 'unrated'
  title: string
  source: string
  /** Day it was published, `null` where the source does not say. */
  published: string | null
}

export type Standing = 'affected' | 'not-affected' | 'unknown'

/** Whether a version has the hole. A range nobody knows or a version nobody can read is *unknown*. Pure. */
export function standingOf(advisory: Advisory, version: string | null): Standing {
  const parsed = version === null ? null : parseVersion(version)
  if (parsed === null || advisory.affected === null) return 'unknown'
  let unclear = false
  for (const range of advisory.affected) {
    const [from, to, last] = [range.introduced, range.fixed, range.lastAffected ?? null].map((one) => (one === null ? null : (parseVersion(one) ?? 'unreadable')))
    if (from === 'unreadable' || to === 'unreadable' || last === 'unreadable') unclear = true
    // A range that ends before it begins holds nothing, and means something nobody wrote.
    else if (from && [to, last].some((end) => end && compareVersions(end, from) < 0)) unclear = true
    else if ((!from || compareVersions(parsed, from) >= 0) && (!to || compareVersions(parsed, to) < 0) && (!last || compareVersions(parsed, last) <= 0)) return 'affected'
  }
  return unclear ? 'unknown' : 'not-affected'
}

/** The first version that has none of these holes, as far as it is known; `null` when one of them has no mended version. Pure. */
export function fixedVersion(advisories: readonly Advisory[], version: string): string | null {
  let best = version
  for (let round = 0; round <= advisories.length; round++) {
    const open = advisories.find((advisory) => standingOf(advisory, best) === 'affected')
    if (open === undefined) return best === version ? null : best
    const next = nextFix(open, best, advisories)
    if (next === null) return null
    best = next
  }
  return null
}

/** Records that name only the last version with the hole name no mended one: then it is one that mended another. */
function nextFix(advisory: Advisory, version: string, all: readonly Advisory[]): string | null {
  const at = parseVersion(version)!
  const fixes = all.flatMap(({ affected }) => affected ?? []).flatMap(({ fixed }) => {
    const read = fixed === null ? null : parseVersion(fixed)
    return read !== null && compareVersions(read, at) > 0 && standingOf(advisory, fixed) !== 'affected' ? [fixed!] : []
  })
  return fixes.sort((a, b) => compareVersions(parseVersion(a)!, parseVersion(b)!))[0] ?? null
}
