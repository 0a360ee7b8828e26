/** How a trace is recognised. `name` is a file or package name, the others are looked for in text. */
export type IndicatorKind = 'ip' | 'domain' | 'url' | 'text' | 'name' | 'regex' | 'sha256'

/**
 * `certain`: nobody has that by accident where it was found; `likely`: a person has to look. Text that only talks
 * about a trace is never more than likely.
 */
export type Confidence = 'certain' | 'likely'

/** A trace some attack leaves, and who says so. */
export interface Indicator {
  /** `family.what`, unique. */
  id: string
  /** The campaign or malware. */
  family: string
  kind: IndicatorKind
  /** Defanged (`[.]`, `hxxp`): this list must not be a hit itself, nor a link somebody clicks. */
  value: string
  confidence: Confidence
  /** What it is, for a person. */
  means: string
  /** Who published it. */
  source: string
  /** Day or month it was published: `2026-02-01` or `2026-02`. */
  date: string
}

/** `hxxp://192.0.2[.]1` as it is really written. Pure. */
export function refang(value: string): string {
  return value.replaceAll('[.]', '.').replaceAll('[:]', ':').replace(/^hxxp/i, 'http')
}
