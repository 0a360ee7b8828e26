/** Integer micro-USD: 1 USD = 1,000,000. Integers so that 128 concurrent sums give one answer. */
export type MicroUsd = number

/**
 * Reads an amount as people write it in YAML: `5`, `5.25`, `"$5"`, `"5 USD"`, `"$1,200.50"`.
 * @returns micro-USD, or `null` when it is not an amount (negative, not finite, beyond 2^53, other currency).
 */
export function parseMoney(input: string | number): MicroUsd | null {
  const text = String(input).trim()
  const match = /^\$?\s*(\d[\d,]*)(?:\.(\d{1,6}))?\s*(?:USD)?$/i.exec(text)
  if (!match) return null
  const whole = Number(match[1]!.replaceAll(',', ''))
  const micro = whole * 1_000_000 + Number((match[2] ?? '').padEnd(6, '0'))
  return Number.isSafeInteger(micro) ? micro : null
}

/** `$12.34`; below a cent as many digits as it takes: `$0.000175`. */
export function formatMoney(amount: MicroUsd): string {
  const sign = amount < 0 ? '-' : ''
  const usd = Math.abs(amount) / 1_000_000
  const digits = usd !== 0 && usd < 0.01 ? 6 : 2
  return `${sign}$${usd.toFixed(digits)}`
}
