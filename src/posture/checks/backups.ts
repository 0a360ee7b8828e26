import type { Check } from '../check.ts'
import complete from './backups/complete.ts'
import destinationSet from './backups/destination-set.ts'
import encrypted from './backups/encrypted.ts'

export const backups: readonly Check[] = [
  complete,
  destinationSet,
  encrypted,
]
