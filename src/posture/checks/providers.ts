import type { Check } from '../check.ts'
import https from './providers/https.ts'
import spendingLimitAttested from './providers/spending-limit-attested.ts'

export const providers: readonly Check[] = [
  https,
  spendingLimitAttested,
]
