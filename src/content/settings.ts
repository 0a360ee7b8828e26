import { z } from 'zod'

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
    .array(z.string().min(1).refine(isRegularExpression, 'this is not a regular expression'))
    .default([])
    .describe('inputs matching one of these regular expressions are refused, besides the built-in ones')
    .meta({ enforced: false }),
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
  })
  .prefault({})
  .describe('validation and redaction of text')

function isRegularExpression(pattern: string): boolean {
  try {
    new RegExp(pattern)
    return true
  } catch {
    return false
  }
}
