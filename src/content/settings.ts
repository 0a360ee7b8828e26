import { z } from 'zod'
import { faultOf } from './input/blocked.ts'

const input = z.strictObject({
  max_length: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(4096)
    .describe('longest accepted input of a user')
    .meta({ unit: 'characters', enforced: false }),
  allow_html: z.boolean().default(false).describe('let HTML tags through').meta({ enforced: false }),
  allow_markdown: z.boolean().default(true).describe('let Markdown through').meta({ enforced: false }),
  blocked_patterns: z
    .array(z.string().min(1).superRefine(mustBeLinear))
    .default([])
    .describe('requests in which a message or a tool result matches one of these regular expressions (RE2) are refused')
    .meta({ enforced: true }),
  injection: z
    .enum(['off', 'log', 'block'])
    .default('log')
    .describe('texts that read like orders to the model: not looked for, noted in the log, or refused when it is all but certain')
    .meta({ enforced: true }),
})

// RFC 1123, 2.1, with the wildcard that `isAllowedHost` knows.
const hostName = /^(?:\*\.)?(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}$/

const treatment = z.enum(['off', 'redact'])

const output = z.strictObject({
  pii: treatment
    .default('off')
    .describe('personal data in answers: left alone, or taken out')
    .meta({ enforced: true }),
  pii_regions: z
    .array(z.string().regex(/^[A-Z]{2}$/, 'this is not a country code of ISO 3166, two capitals'))
    .default(['US', 'GB', 'DE'])
    .describe('countries whose telephone numbers are known without their country code')
    .meta({ enforced: true }),
  exfiltration: treatment
    .default('redact')
    .describe('images from hosts that are not allowed, and links that carry data out, in answers')
    .meta({ enforced: true }),
  allowed_hosts: z
    .array(z.string().regex(hostName, 'this is not a host name, or one with `*.` in front'))
    .default([])
    .describe('hosts that images in answers may come from and links may carry data to')
    .meta({ enforced: true }),
  cut_at_canary: z
    .boolean()
    .default(true)
    .describe('end an answer that holds a canary, in clear or encoded')
    .meta({ enforced: true }),
})

/** `content`: what is looked at, and taken out of, text that passes. */
export const contentSettings = z
  .strictObject({
    redact_secrets: z
      .boolean()
      .default(true)
      .describe('take keys, passwords and tokens out of what goes to a model')
      .meta({ enforced: true }),
    input: input.prefault({}),
    output: output.prefault({}),
  })
  .prefault({})
  .describe('validation and redaction of text')

/** RE2 only: an expression that backtracks would let whoever writes a text stop the guard with it. */
function mustBeLinear(pattern: string, context: z.RefinementCtx): void {
  const fault = faultOf(pattern)
  if (fault !== null) context.addIssue({ code: 'custom', message: fault })
}
