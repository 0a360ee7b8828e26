import { z } from 'zod'

const events = [
  'agent_invocations',
  'tool_calls',
  'api_requests',
  'auth_events',
  'config_changes',
  'job_executions',
] as const

const secretKinds = ['api_keys', 'passwords', 'tokens'] as const

const tamperProtection = z.strictObject({
  enabled: z
    .literal(true)
    .default(true)
    .describe('chain every entry to the one before it')
    .meta({ enforced: true, refusal: 'the chain cannot be switched off: without it nobody can trust the log' }),
  method: z
    .literal('sha256_chain')
    .default('sha256_chain')
    .describe('how entries are chained')
    .meta({ enforced: true }),
})

const rotation = z.strictObject({
  max_size: z
    .string()
    .transform(parseSize)
    // A megabyte at least: smaller files are mostly rotation. 16 GB at most: one file must still fit a restore.
    .pipe(z.int().min(1_000_000).max(16_000_000_000))
    .prefault('64MB')
    .describe('a log file is closed and a new one begun, chain continued, when it reaches this size')
    .meta({ unit: 'size', enforced: true }),
})

/** `audit`: the record of every decision and outcome. */
export const auditSettings = z
  .strictObject({
    enabled: z
      .literal(true)
      .default(true)
      .describe('keep the audit log')
      .meta({
        enforced: true,
        refusal: 'the audit log cannot be switched off: no decision takes effect before it is in the log',
      }),
    log_path: z
      .string()
      .regex(/^\/./, 'the log needs an absolute path')
      .optional()
      .describe('file of the log; left out: in the state directory of the guard')
      .meta({ enforced: true }),
    format: z.literal('json').default('json').describe('one JSON object a line').meta({ enforced: true }),
    include: z
      .array(z.enum(events))
      .default([...events])
      .describe('kinds of events that are kept')
      .meta({ enforced: false }),
    redact: z
      .array(z.enum(secretKinds))
      .default([...secretKinds])
      .describe('what is taken out of an entry before it is written')
      .meta({ enforced: false }),
    retention_days: z
      .int()
      .min(1)
      .max(3650)
      .default(365)
      .describe('how long entries are kept')
      .meta({ unit: 'days', enforced: false }),
    rotation: rotation.prefault({}),
    tamper_protection: tamperProtection.prefault({}),
  })
  .prefault({})
  .describe('the audit log')

const bytesPer = { KB: 1000, MB: 1_000_000, GB: 1_000_000_000 } as const

/** Reads `64MB`. Decimal units, as disks are sold; `null` when it is not a size or has no unit. */
function parseSize(text: string): number | null {
  const match = /^(\d{1,9})(KB|MB|GB)$/.exec(text)
  return match ? Number(match[1]) * bytesPer[match[2] as keyof typeof bytesPer] : null
}
