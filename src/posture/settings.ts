import { z } from 'zod'

/**
 * One finding somebody has decided to live with. A reason without a name is an excuse, a name without an end is
 * forgotten: all three are required.
 */
const suppression = z.strictObject({
  id: z
    .string()
    // Ids of OpenClaw's own audit have more dots and underscores than ours.
    .regex(/^[A-Za-z0-9_*<>/-]+(?:[./][A-Za-z0-9_*<>:-]+)+$/, 'the id of a check, as `hardshell security checks` lists it')
    .describe('id of the check, ours or one of OpenClaw\'s own audit'),
  at: z.string().min(1).optional().describe('the one place it counts for, as the finding names it; without: every place, which switches the check off'),
  reason: z.string().trim().min(1).describe('why this is accepted'),
  owner: z.string().trim().min(1).describe('who answers for it'),
  expires: z
    .iso.date('a day written YYYY-MM-DD')
    .describe('last day it holds (UTC); after it the finding counts again'),
})

/** `posture`: what the audit is told. */
export const postureSettings = z
  .strictObject({
    suppressions: z.array(suppression).default([]).describe('findings that are accepted, by whom, why and until when'),
    history_entries: z
      .int()
      .min(2)
      .max(10_000)
      .default(200)
      .describe('how many earlier audits are remembered for the difference to the last one')
      .meta({ unit: 'runs' }),
  })
  .prefault({})
  .describe('what `hardshell security audit` accepts')
  .meta({ enforced: true })
