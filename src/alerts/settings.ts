import { z } from 'zod'

const severity = z.enum(['info', 'warning', 'high', 'critical'])

const destination = z.strictObject({
  type: z.enum(['slack', 'pagerduty', 'email', 'webhook', 'syslog']).describe('kind of destination'),
  channel: z.string().min(1).optional().describe('Slack channel'),
  to: z.string().min(1).optional().describe('mail address'),
  severity: severity.optional().describe('severity as this destination sees it'),
})

// `name`, or comparisons `name operator value` joined by AND and OR, as in the hardening guide.
const comparison = String.raw`[a-z][a-z0-9_]*\s*(?:>=|<=|==|!=|>|<)\s*(?:\d+(?:\.\d+)?|true|false)`
const condition = new RegExp(`^${comparison}(?:\\s+(?:AND|OR)\\s+${comparison})*$`)

const alert = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_-]*$/, 'an alert is named in lower case: letters, digits, `_`, `-`')
      .describe('name of the alert'),
    description: z.string().optional().describe('what it means when it fires'),
    condition: z
      .string()
      .max(1000)
      .regex(condition, 'a condition is written `tokens_per_hour > 500000`, several joined by AND or OR')
      .describe('when it fires'),
    action: z
      .enum(['slack_alert', 'pagerduty', 'email', 'webhook', 'syslog', 'multi', 'human_review_queue'])
      .describe('what happens when it fires'),
    channel: z.string().min(1).optional().describe('Slack channel of `slack_alert`'),
    severity: severity.default('warning').describe('how bad it is'),
    destinations: z.array(destination).default([]).describe('where `multi` sends to'),
    auto_block: z.boolean().default(false).describe('block the source address'),
    auto_disable_agent: z.boolean().default(false).describe('disable the agent at once'),
  })
  .superRefine(({ action, destinations }, context) => {
    if (action !== 'multi' || destinations.length > 0) return
    context.addIssue({ code: 'custom', path: ['action'], message: '`multi` needs `destinations` to send to' })
  })
  .meta({ enforced: false })

/** `security_alerts`: what wakes somebody up. */
export const alertSettings = z.array(alert).default([]).describe('alerts')
