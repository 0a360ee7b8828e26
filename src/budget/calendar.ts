import type { Ledger } from './ledger.ts'

/** The budget's own time, which every guard on the database agrees on. */
export interface Calendar {
  /** Latest time any guard has seen, as of the last write; wall milliseconds. */
  latestMs: number
  /** Counts changes of overrides and waivers; another number than last time: read the limits anew. */
  generation: number
  /** The day `today` told last, and when it begins. */
  day: string
  dayStartMs: number
}

const dayMs = 86_400_000

/** The time by which budgets open and overrides end: the clock's, and never before the latest time ever seen. */
export function budgetNow(calendar: Calendar, wallMs: number): number {
  return Math.max(Math.trunc(wallMs), calendar.latestMs)
}

/**
 * Brings calendar and clock together, inside a transaction.
 *
 * Time only moves forward, so a clock set back gives no budget twice and revives no override. One exception keeps a
 * wrong jump of years from holding a budget closed for years: when the clock has been more than a day behind for a
 * day, the clock is believed again. The budgets of the days it comes back to still hold what was spent in them, so
 * moving a clock about opens at most one further budget a day.
 */
export function moveOn(ledger: Ledger, calendar: Calendar, wallMs: number): void {
  const row = ledger.calendar()
  const wall = Math.trunc(wallMs)
  const next = advance(row, wall)
  // A second is fine enough for what is kept in days, and spares a write in most transactions.
  if (Math.abs(next.latest_ms - row.latest_ms) >= 1000 || next.behind_since !== row.behind_since) {
    ledger.moveCalendar(next)
  }
  calendar.latestMs = next.latest_ms
  calendar.generation = row.generation
}

function advance(
  { latest_ms: latest, behind_since: behindSince }: { latest_ms: number; behind_since: number | null },
  wall: number,
): { latest_ms: number; behind_since: number | null } {
  if (wall >= latest - dayMs) return { latest_ms: Math.max(latest, wall), behind_since: null }
  // Set back once more while it was behind: the day of waiting begins anew.
  const since = behindSince === null || wall < behindSince ? wall : behindSince
  if (wall - since >= dayMs) return { latest_ms: wall, behind_since: null }
  return { latest_ms: latest, behind_since: since }
}

/** The budget's day, `2026-11-21` in UTC. Asked for at every call, so it is computed once a day. */
export function today(calendar: Calendar, wallMs: number): string {
  const now = budgetNow(calendar, wallMs)
  if (now < calendar.dayStartMs || now >= calendar.dayStartMs + dayMs) {
    calendar.dayStartMs = Math.floor(now / dayMs) * dayMs
    calendar.day = new Date(now).toISOString().slice(0, 10)
  }
  return calendar.day
}
