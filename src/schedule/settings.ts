import { z } from 'zod'

const output = z.strictObject({
  type: z.enum(['email', 'slack']).describe('how the result is sent').meta({ enforced: false }),
  to: z.string().min(1).optional().describe('mail address').meta({ enforced: false }),
  channel: z.string().min(1).optional().describe('Slack channel').meta({ enforced: false }),
})

const notify = z.strictObject({
  slack: z.string().min(1).optional().describe('Slack channel told about the outcome, by `notifications.slack`').meta({ enforced: true }),
  email: z
    .string()
    .regex(/^[^\s@<>,;:"()]+@[^\s@<>,;:"()]+$/, 'a mail address is written `name@example.com`') // it goes into a mail header
    .optional()
    .describe('mail address told about the outcome, by `notifications.email`')
    .meta({ enforced: true }),
})

const job = z
  .strictObject({
    schedule: z
      .string()
      .refine(isCron, 'a schedule has five fields, `minute hour day month weekday`, such as "0 3 1 * *" (UTC)')
      .describe('when it runs, as a cron line in UTC')
      .meta({ enforced: true }),
    type: z.enum(['maintenance', 'security_report']).describe('kind of job; a security_report is not made yet').meta({ enforced: false }),
    action: z.enum(['rotate_secrets']).optional().describe('what a maintenance job does').meta({ enforced: true }),
    secrets: z.array(z.string().min(1)).default([]).describe('names of the secrets it works on').meta({ enforced: true }),
    include: z
      .array(z.enum(['failed_auth_events', 'unusual_tool_calls', 'high_cost_runs', 'suppressed_alerts']))
      .default([])
      .describe('chapters of a security report')
      .meta({ enforced: false }),
    notify: notify.optional().describe('who is told'),
    output: output.optional().describe('where a report goes'),
  })
  .superRefine(({ type, action }, context) => {
    if (type !== 'maintenance' || action !== undefined) return
    const message = 'a maintenance job needs an `action`, such as rotate_secrets'
    context.addIssue({ code: 'custom', path: ['type'], message })
  })

/** `jobs`: what happens by the clock. */
export const jobSettings = z
  .record(z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, 'a job is named in lower case: letters, digits, `_`, `-`'), job)
  .default({})
  .describe('name of a job → when and what')

// Limits of the five fields, POSIX crontab(5); 7 is Sunday as well.
const limits = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const

function isCron(text: string): boolean {
  const fields = text.trim().split(/\s+/)
  return fields.length === limits.length && fields.every((field, index) => isCronField(field, limits[index]!))
}

function isCronField(field: string, [low, high]: readonly [number, number]): boolean {
  return field.split(',').every((part) => {
    const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part)
    if (!match) return false
    const from = Number(match[1] ?? low)
    const to = Number(match[2] ?? match[1] ?? high)
    return from >= low && to <= high && from <= to && Number(match[3] ?? 1) >= 1
  })
}
