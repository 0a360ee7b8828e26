import { z } from 'zod'

/** `contacts`: whom to call. */
export const contactSettings = z
  .strictObject({
    primary_oncall: z
      .string()
      .min(1)
      .optional()
      .describe('mail address of whoever is on call')
      .meta({ enforced: false }),
    security_team: z.string().min(1).optional().describe('mail address of the security team').meta({ enforced: false }),
    pagerduty_service: z.string().min(1).optional().describe('id of the PagerDuty service').meta({ enforced: false }),
  })
  .prefault({})
  .describe('whom to call')

const name = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, 'a playbook is named in lower case: letters, digits, `_`, `-`')

const playbook = z
  .strictObject({
    description: z.string().optional().describe('when to use it'),
    steps: z
      .array(z.string().min(1))
      .min(1)
      .describe('what to do, in order; a step that begins with `Run:` names a command'),
  })
  .meta({ enforced: false })

/** `playbooks`: what to do when it happens, written before it does. */
export const playbookSettings = z
  .record(name, playbook)
  .default({})
  .describe('name of an incident → its steps')
