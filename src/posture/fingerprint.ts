import { createHash } from 'node:crypto'
import type { Finding } from './judge.ts'
import { withoutLine } from './suppression.ts'

// 16 of 32 bytes: findings of one installation never come near a collision, and lines stay readable.
const hexDigits = 32

/**
 * Names for findings that stay the same from run to run: check and place, without the line, which moves. Several on
 * lines of one file are told apart by their order.
 */
export function fingerprints(findings: readonly Pick<Finding, 'id' | 'at'>[]): string[] {
  const seen = new Map<string, number>()
  return findings.map(({ id, at }) => {
    const name = `${id}\n${withoutLine(at)}`
    const before = seen.get(name) ?? 0
    seen.set(name, before + 1)
    return createHash('sha256').update(before === 0 ? name : `${name}\n${before}`).digest('hex').slice(0, hexDigits)
  })
}
