/** Where a setting is really written, when that is not where it is read. */
export interface Origin {
  /** Keys from the root, as they are read. */
  at: readonly string[]
  /** The included file it stands in; `null` is `openclaw.json` itself. */
  file: string | null
  /** Keys in that file. */
  from: readonly string[]
}

/** Origins of settings that stand elsewhere; what has none stands where it is read. */
export type Origins = readonly Origin[]

/** The origin of a setting that is there, or of one to be put in beside its neighbours. */
export function originOf(origins: Origins, at: readonly string[]): Origin {
  let nearest: Origin = { at: [], file: null, from: [] }
  for (const origin of origins) {
    // Later ones were found when earlier ones had been moved, so they say more.
    if (origin.at.length >= nearest.at.length && startsWith(at, origin.at)) nearest = origin
  }
  return { at, file: nearest.file, from: [...nearest.from, ...at.slice(nearest.at.length)] }
}

/** True when parts of a setting stand elsewhere than the setting itself, so that it cannot be replaced whole. */
export function isScattered(origins: Origins, at: readonly string[]): boolean {
  return origins.some((origin) => origin.at.length > at.length && startsWith(origin.at, at))
}

export function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return path.length >= start.length && start.every((key, i) => path[i] === key)
}
