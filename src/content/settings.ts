import { z } from 'zod'
import { faultOf } from './input/blocked.ts'
import { guideTags, isNeverAllowed } from './output/html.ts'
import { piiRecognizers } from './pii/find.ts'

const maxLength = z
  .int()
  .min(1)
  .max(1_000_000)
  .describe('longest accepted message to an agent, as its channel brought it')
  .meta({ unit: 'characters', enforced: true })
const tooLong = z
  .enum(['refuse', 'report'])
  .describe('what is done about a longer one: it is refused, or noted in the log')
  .meta({ enforced: true })
const allowHtml = z.boolean().describe('let HTML tags through').meta({ enforced: true })
const allowMarkdown = z.boolean().describe('let Markdown through').meta({ enforced: true })
const markup = z
  .enum(['strip', 'refuse', 'report'])
  .describe('what is done about HTML or Markdown that is not let through: taken out on the way to the model, the message refused, or noted in the log')
  .meta({ enforced: true })
const invisible = z
  .enum(['strip', 'refuse', 'report'])
  .describe('what is done about tag characters, bidi overrides and other signs nobody sees, in messages and results of tools')
  .meta({ enforced: true })
const confusables = z
  .enum(['refuse', 'report'])
  .describe('what is done about words that mix letters with others drawn like them')
  .meta({ enforced: true })

/** What may differ from channel to channel. */
const ofChannel = {
  max_length: maxLength,
  too_long: tooLong,
  allow_html: allowHtml,
  allow_markdown: allowMarkdown,
  markup,
  invisible,
  confusables,
}

const channel = z.strictObject(ofChannel).partial()

const piiTreatment = z.enum(['off', 'log', 'redact', 'refuse'])

const piiType = z.string().refine((type) => piiTypes.has(type), { error: ({ input: type }) => `there is no personal data of type ${String(type)}; see the reference` })

const input = z.strictObject({
  ...ofChannel,
  max_length: maxLength.default(4096),
  too_long: tooLong.default('refuse'),
  allow_html: allowHtml.default(false),
  allow_markdown: allowMarkdown.default(true),
  markup: markup.default('report'),
  invisible: invisible.default('strip'),
  confusables: confusables.default('report'),
  max_request_length: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('longest accepted message of a user in a request to a model, with everything OpenClaw puts around it; `null`: no limit but the size of a request')
    .meta({ unit: 'characters', enforced: true }),
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
  pii: piiTreatment
    .default('log')
    .describe(
      'personal data on its way to a model: left alone, noted in the log by its kind, taken out, or the request refused; ' +
        'mail addresses, telephone numbers and IP addresses are noted only when `pii_types` says so',
    )
    .meta({ enforced: true }),
  pii_types: z
    .record(piiType, piiTreatment)
    .default({})
    .describe('the same for single kinds, such as `credit-card: refuse`')
    .meta({ enforced: true }),
  channels: z
    .record(z.string().min(1).max(64), channel)
    .default({})
    .describe('what is different for messages of one channel, by its name in OpenClaw (`telegram`, `webchat`)')
    .meta({ enforced: true }),
})

const piiTypes: ReadonlySet<string> = new Set(piiRecognizers.map(({ type }) => type))

// RFC 1123, 2.1, with the wildcard that `isAllowedHost` knows.
const hostName = /^(?:\*\.)?(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}$/

const treatment = z.enum(['off', 'redact'])

const htmlTag = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'a tag is written by its name, in lower case')
  .refine((tag) => !isNeverAllowed(tag), 'this tag would let through what the list is there to stop')

const output = z.strictObject({
  pii: piiTreatment
    .default('off')
    .describe('personal data in answers: left alone, noted in the log by its kind, taken out, or the answer cut there')
    .meta({ enforced: true }),
  pii_types: z
    .record(piiType, piiTreatment)
    .default({})
    .describe('the same for single kinds, such as `iban: redact`')
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
  html: treatment
    .default('off')
    .describe('HTML in what an answer says (not in arguments of tools): left alone, or every tag taken out that is not in `allowed_tags`; for answers a browser shows as HTML')
    .meta({ enforced: true }),
  allowed_tags: z
    .array(htmlTag)
    .default([...guideTags])
    .describe('tags that stay in answers when `html` is `redact`, without attributes')
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
    delimit_untrusted: z
      .boolean()
      .default(true)
      .describe('put results of tools between marks on their way to a model, where the boundary block says what marks mean')
      .meta({ enforced: true }),
    boundary_drift: z
      .enum(['alert', 'refuse'])
      .default('alert')
      .describe('when the boundary block of an agent\'s system prompt is gone or changed: an alert, or an alert and no call')
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
