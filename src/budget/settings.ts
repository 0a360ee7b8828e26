import { z } from 'zod'
import { parseMoney } from '../base/index.ts'

const amount = z.union([z.string(), z.number()]).transform(parseMoney).pipe(z.int())

const money = { unit: 'money' }

const price = z.strictObject({
  input: amount.describe('price of a million tokens read').meta(money),
  output: amount.describe('price of a million tokens written').meta(money),
  cache_read: amount
    .optional()
    .describe('price of a million tokens read from the cache; left out: as `input`')
    .meta(money),
  cache_write_5m: amount
    .optional()
    .describe('price of a million tokens cached for 5 minutes; left out: as `input`')
    .meta(money),
  cache_write_1h: amount
    .optional()
    .describe('price of a million tokens cached for an hour; left out: as for 5 minutes')
    .meta(money),
  max_output_tokens: z
    .int()
    .min(1)
    .max(10_000_000)
    .optional()
    .describe('tokens the model may write')
    .meta({ unit: 'tokens' }),
})

const pricedName = z
  .string()
  .regex(/^[^/\s]+\/\S+$/, 'a price is given for `provider/model`, or for all of a provider as `provider/*`')

/**
 * `budgets`: what may be spent before the answer is no. Amounts arrive as integer micro-USD.
 * The defaults let one person work a day and stop a runaway loop before it is news ("$3,000 surprise bill").
 */
export const budgetSettings = z
  .strictObject({
    tokens_per_request: z
      .int()
      .min(1)
      .max(10_000_000)
      // A context of 100,000 tokens is some 400 KB: long conversations pass, a whole book pasted in does not.
      .default(500_000)
      .describe('tokens of one model call: at most one for each byte of the request, and the most it may write')
      .meta({ unit: 'tokens', enforced: true }),
    per_session: amount
      .prefault('$10')
      .describe('money one session may spend')
      .meta({ unit: 'money', enforced: true }),
    per_agent: amount
      .prefault('$20')
      .describe('money one agent may spend in a day (UTC)')
      .meta({ unit: 'money', enforced: true }),
    per_agent_overrides: z
      .record(z.string().min(1), amount.meta(money))
      .default({})
      .describe('id of an agent → money it may spend in a day (UTC), instead of `per_agent`')
      .meta({ enforced: true }),
    per_user: amount
      .optional()
      .describe('money one user may spend in a day (UTC); left out: no limit of its own')
      .meta({ unit: 'money', enforced: true }),
    per_user_overrides: z
      .record(z.string().min(1), amount.meta(money))
      .default({})
      .describe('name of a user → money it may spend in a day (UTC), instead of `per_user`')
      .meta({ enforced: true }),
    per_channel: amount
      .optional()
      .describe('money one channel may spend in a day (UTC); left out: no limit of its own')
      .meta({ unit: 'money', enforced: true }),
    per_channel_overrides: z
      .record(z.string().min(1), amount.meta(money))
      .default({})
      .describe('name of a channel → money it may spend in a day (UTC), instead of `per_channel`')
      .meta({ enforced: true }),
    per_cron_job: amount
      .optional()
      .describe('money one cron job may spend in a day (UTC); left out: no limit of its own')
      .meta({ unit: 'money', enforced: true }),
    per_cron_job_overrides: z
      .record(z.string().min(1), amount.meta(money))
      .default({})
      .describe('name of a cron job → money it may spend in a day (UTC), instead of `per_cron_job`')
      .meta({ enforced: true }),
    per_day: amount
      .prefault('$20')
      .describe('money all agents together may spend in a day (UTC)')
      .meta({ unit: 'money', enforced: true }),
    per_month: amount
      .prefault('$200')
      .describe('money all agents together may spend in a calendar month (UTC)')
      .meta({ unit: 'money', enforced: true }),
    global: amount
      .optional()
      .describe('money that may be spent in all, whatever the calendar says; left out: no such limit')
      .meta({ unit: 'money', enforced: true }),
    warn_at: z
      .array(z.number().gt(0).max(1).meta({ unit: 'fraction' }))
      .default([0.5, 0.8, 1])
      .describe('fractions of a limit at which a warning is logged')
      .meta({ unit: 'fraction', enforced: true }),
    prices: z
      .record(pricedName, price)
      .default({})
      .describe('`provider/model` → its price, where the price table lacks it or is wrong')
      .meta({ enforced: true }),
    prices_file: z
      .string()
      .regex(/^\//, 'a file is named by its whole path, from / on')
      .optional()
      .describe('a newer price table than the one that ships with Hardshell, with its date and digest; a path')
      .meta({ enforced: true }),
    ceiling: price
      .optional()
      .describe('price of an unknown model under `unknown_model: ceiling`; left out: the dearest known')
      .meta({ enforced: true }),
    unknown_model: z
      .enum(['refuse', 'ceiling'])
      .default('refuse')
      .describe('a model without a known price: refuse it, or count it at the price of `ceiling`')
      .meta({ enforced: true }),
  })
  .prefault({})
  .describe('spending limits, reserved before a call and settled after it')
