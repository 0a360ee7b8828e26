import type { Check } from '../check.ts'
import authFailuresWatched from './alerts/auth-failures-watched.ts'
import dataLeakWatched from './alerts/data-leak-watched.ts'
import digestScheduled from './alerts/digest-scheduled.ts'
import forbiddenToolWatched from './alerts/forbidden-tool-watched.ts'
import tokenSpikeWatched from './alerts/token-spike-watched.ts'

export const alerts: readonly Check[] = [
  authFailuresWatched,
  dataLeakWatched,
  digestScheduled,
  forbiddenToolWatched,
  tokenSpikeWatched,
]
