import { z } from 'zod'

const token = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'an id has letters, digits, `_`, `.` and `-`, 64 at most')
    .describe('name of the token; it is what the audit log shows as user')
    .meta({ enforced: true }),
  value: z
    .string()
    .regex(/^\$[A-Za-z_]\w*$/)
    .describe('the token, as a reference to a secret')
    .meta({ unit: 'reference', enforced: true }),
  permissions: z
    .array(z.enum(['read', 'write', 'admin']))
    .min(1)
    .default(['read'])
    .describe('what the bearer may do')
    .meta({ enforced: true }),
})

/** `api.auth`: who may come in through the front door. */
export const apiAuthSettings = z
  .strictObject({
    type: z
      .literal('bearer_token')
      .default('bearer_token')
      .describe('how callers identify themselves')
      .meta({ enforced: true }),
    tokens: z
      .array(token)
      .superRefine((tokens, context) => {
        for (const [index, { id }] of tokens.entries()) {
          if (tokens.findIndex((other) => other.id === id) === index) continue
          const message = `another token is called \`${id}\` already`
          context.addIssue({ code: 'custom', path: [index, 'id'], message })
        }
      })
      .default([])
      .describe('the accepted tokens; none: the guard makes one for the operator'),
  })
  .prefault({})
  .describe('authentication at the front door')

const oidc = z.strictObject({
  provider: z.literal('oidc').describe('OpenID Connect').meta({ enforced: false }),
  issuer: z
    .url({ protocol: /^https$/ })
    .describe('address of the identity provider, as it stands in its tokens')
    .meta({ unit: 'https-url', enforced: false }),
  client_id: z
    .string()
    .regex(/^(\$[A-Za-z_]\w*|[^$\s]\S*)$/)
    .describe('id of this installation at the identity provider, or a reference to it')
    .meta({ unit: 'text-or-reference', enforced: false }),
  require_mfa: z.boolean().default(true).describe('refuse logins without a second factor').meta({ enforced: false }),
  allowed_groups: z
    .array(z.string().min(1))
    .default([])
    .describe('groups of the identity provider whose members may log in; empty: nobody')
    .meta({ enforced: false }),
})

/** `dashboard`: who may see the web face. */
export const dashboardSettings = z
  .strictObject({ auth: oidc.optional().describe('login to the dashboard') })
  .prefault({})
  .describe('the web face')
