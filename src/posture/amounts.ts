import { formatMoney, parseMoney, type MicroUsd } from '../base/index.ts'

/** Whether one amount, as people write it, is less than another; false when either is none. */
export function isBelow(amount: unknown, limit: unknown): boolean {
  const [a, b] = [microUsdOf(amount), microUsdOf(limit)]
  return a !== null && b !== null && a < b
}

/** A tenth of an amount, at least a cent, as it is written in YAML. */
export function tenth(amount: unknown): string {
  // A tenth of a month is three days' worth; a tenth of a day is one session of ten: both stop a runaway early.
  return formatMoney(Math.max(10_000, Math.floor((microUsdOf(amount) ?? 0) / 10)))
}

function microUsdOf(amount: unknown): MicroUsd | null {
  return typeof amount === 'string' || typeof amount === 'number' ? parseMoney(amount) : null
}
