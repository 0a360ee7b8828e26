import { RE2JS } from 're2js'
import { refang, type Indicator } from './indicator.ts'

export interface IndicatorMatch {
  indicator: Indicator
  /** Half open, in UTF-16 units. */
  start: number
  end: number
}

/** Indicators, ready to be looked for. */
export interface IndicatorSet {
  inText(text: string): readonly IndicatorMatch[]
  /** By the name of a file or package, whole. */
  byName(name: string): readonly Indicator[]
  /** By the SHA-256 of a file, in hex. */
  byDigest(sha256: string): readonly Indicator[]
  /** Whether digests are worth computing. */
  hasDigests: boolean
}

/**
 * One pass for all literals, however many; regular expressions, which others may have brought, run in linear time.
 * @throws Error for a regular expression that cannot be read
 */
export function compileIndicators(indicators: readonly Indicator[]): IndicatorSet {
  const byValue = new Map<string, Indicator[]>()
  for (const one of indicators) {
    if (one.kind === 'regex') continue
    const value = refang(one.value).toLowerCase()
    byValue.set(value, [...(byValue.get(value) ?? []), one])
  }
  const literals = [...byValue].filter(([, [one]]) => one!.kind !== 'sha256').map(([value, [one]]) => bounded(value, one!))
  const all = literals.length === 0 ? null : new RegExp(literals.join('|'), 'gi')
  const regexes = indicators.filter(({ kind }) => kind === 'regex').map((one) => ({ one, pattern: RE2JS.compile(one.value) }))
  const named = (kinds: readonly string[]) => (value: string) => (byValue.get(value.toLowerCase()) ?? []).filter(({ kind }) => kinds.includes(kind))
  return {
    inText(text) {
      const literal = all === null ? [] : [...text.matchAll(all)].flatMap((match) => (byValue.get(match[0].toLowerCase()) ?? []).map((indicator) => ({ indicator, start: match.index, end: match.index + match[0].length })))
      return [...literal, ...regexes.flatMap(({ one, pattern }) => matchesOf(one, pattern, text))]
    },
    byName: named(['name']),
    byDigest: named(['sha256']),
    hasDigests: indicators.some(({ kind }) => kind === 'sha256'),
  }
}

/** Literals do not match inside longer words and numbers: 1.2.3.4 is not in 11.2.3.45. */
function bounded(value: string, { kind }: Indicator): string {
  const escaped = value.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
  if (kind === 'ip') return String.raw`(?<![\d.])${escaped}(?!\.?\d)`
  if (kind === 'domain') return String.raw`(?<![\w-])${escaped}(?![\w-]|\.\w)`
  return kind === 'text' ? escaped : String.raw`(?<![\w-])${escaped}(?![\w-])`
}

function matchesOf(indicator: Indicator, pattern: RE2JS, text: string): IndicatorMatch[] {
  const matcher = pattern.matcher(text)
  const found: IndicatorMatch[] = []
  // An empty match would never end; `admitIndicators` refuses whoever has one.
  while (matcher.find() && matcher.end() > matcher.start()) found.push({ indicator, start: matcher.start(), end: matcher.end() })
  return found
}
