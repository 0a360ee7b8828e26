/** What `systemd-analyze security` says of one unit. */
export interface UnitVerdict {
  unit: string
  /** 0.0 (shut) to 10.0 (open); `null`: it gave no figure. */
  exposure: number | null
  /** The highest that is accepted here. */
  limit: number
}

/** The figure in its last line: `→ Overall exposure level for openclaw.service: 0.9 SAFE`. */
export function exposureOf(output: string): number | null {
  const match = /Overall exposure level for \S+: (\d+\.\d)/.exec(output)
  return match ? Number(match[1]) : null
}

/**
 * The services among the files of a profile, with the exposure each must stay under: 1.5 is promised for what runs
 * without root. The whole guard changes users, which alone costs two points and more; its figures are what they are.
 */
export function unitsOf(files: readonly { path: string }[]): { path: string; limit: number }[] {
  const limits: Readonly<Record<string, number>> = { 'hardshell.service': 4.5 }
  return files.filter(({ path }) => path.endsWith('.service')).map(({ path }) => ({ path, limit: limits[path] ?? 1.5 }))
}
