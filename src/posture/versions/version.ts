/** A version in pieces. OpenClaw counts by calendar (`2026.9.6`), Node and OpenSSH by numbers; both compare alike. */
export interface Version {
  numbers: readonly number[]
  /** `beta.1` of `2026.1.29-beta.1`: before the release of the same numbers. Empty for a release. */
  pre: readonly string[]
  /** OpenClaw's correction releases, `2026.3.13-1`: after the release of the same numbers. 0 for all others. */
  correction: number
}

// Longer ones are not versions; the bound keeps a hostile package.json from costing anything.
const maxLength = 100
const pattern = /^v?(\d{1,9}(?:\.\d{1,9}){0,3})(?:p(\d{1,4}))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/

/** Reads `v24.16.0`, `2026.1.29-beta.1`, `2026.3.13-1`, `9.2p1`; `null` when it is none. Pure. */
export function parseVersion(text: string): Version | null {
  const found = text.length > maxLength ? null : pattern.exec(text.trim())
  if (!found) return null
  const [, numbers, patch, suffix = ''] = found
  // OpenClaw docs, reference/RELEASING: `YYYY.M.PATCH-N` is published after `YYYY.M.PATCH`, against what semver says.
  const isCorrection = /^\d+$/.test(suffix) && /^v?20\d\d\./.test(text.trim())
  return {
    numbers: [...numbers!.split('.').map(Number), ...(patch === undefined ? [] : [Number(patch)])],
    pre: isCorrection || suffix === '' ? [] : suffix.split('.'),
    correction: isCorrection ? Number(suffix) : 0,
  }
}

/** Below zero when `a` came before `b`. Missing numbers count as zero. Pure. */
export function compareVersions(a: Version, b: Version): number {
  for (let i = 0; i < Math.max(a.numbers.length, b.numbers.length); i++) {
    const order = (a.numbers[i] ?? 0) - (b.numbers[i] ?? 0)
    if (order !== 0) return order
  }
  return comparePre(a.pre, b.pre) || a.correction - b.correction
}

/** As semver 2.0.0 §11 orders them: none is last, numbers before words, the shorter first. */
function comparePre(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return Number(a.length === 0) - Number(b.length === 0)
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i]!, b[i]!]
    if (x === y) continue
    const [xNumber, yNumber] = [/^\d+$/.test(x), /^\d+$/.test(y)]
    if (xNumber && yNumber) return Number(x) - Number(y)
    if (xNumber !== yNumber) return xNumber ? -1 : 1
    return x < y ? -1 : 1
  }
  return a.length - b.length
}
