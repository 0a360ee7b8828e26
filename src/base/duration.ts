const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/**
 * Reads a duration as people write it: `500ms`, `30s`, `5m`, `24h`, `30d`, `1h30m`.
 * @returns milliseconds, or `null` when it is not a duration. A bare number is not one: the unit is missing.
 */
export function parseDuration(text: string): number | null {
  if (!/^(\d+(ms|[smhdw]))+$/.test(text)) return null
  let total = 0
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdw])/g)) {
    total += Number(count) * unitMs[unit as keyof typeof unitMs]
  }
  return Number.isSafeInteger(total) ? total : null
}

/** The largest two units that matter: `4m 10s`, `2h`, `350ms`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`
  const parts: string[] = []
  let rest = Math.round(ms / 1000) * 1000
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const count = Math.floor(rest / unitMs[unit])
    if (count > 0) parts.push(`${count}${unit}`)
    rest -= count * unitMs[unit]
  }
  return parts.slice(0, 2).join(' ')
}
