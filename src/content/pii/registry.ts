import type { Recognizer } from './recognizer.ts'
import { asia } from './recognizers/asia.ts'
import { europe } from './recognizers/europe.ts'
import { germany } from './recognizers/germany.ts'
import { northAmerica } from './recognizers/north-america.ts'
import { online } from './recognizers/online.ts'
import { payment } from './recognizers/payment.ts'
import { phone } from './recognizers/phone.ts'
import { south } from './recognizers/south.ts'
import { unitedKingdom } from './recognizers/united-kingdom.ts'

/** Every kind of personal data we know. Of two that fit one place equally well the earlier gives the name. */
export const registry: readonly Recognizer[] = [
  ...online,
  ...payment,
  ...northAmerica,
  ...unitedKingdom,
  ...germany,
  ...europe,
  ...asia,
  ...south,
  ...phone,
]
