import { z } from 'zod'
import { parseDuration } from '../base/index.ts'

/** `proof`: how often the guard attacks itself. */
export const proofSettings = z
  .strictObject({
    every: z
      .string()
      .transform(parseDuration)
      // A round on a loaded machine takes seconds: below 30 s rounds overlap. Beyond an hour "proven" means little.
      .pipe(z.int().min(30_000).max(3_600_000))
      .prefault('5m')
      .describe('time between two rounds of proofs')
      .meta({ unit: 'duration', enforced: true }),
  })
  .prefault({})
  .describe('proofs that every surface still holds')
