import { z } from 'zod'
import { isLoopback } from '../base/index.ts'

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

const secret = (what: string) =>
  z
    .string()
    .regex(/^\$[A-Za-z_]\w*$/)
    .describe(`${what}, as a reference to a secret`)
    .meta({ unit: 'reference', enforced: true })

const ofEveryDestination = {
  minimum_severity: severity.optional().describe('least severity this destination is told of; left out: that of `notifications`').meta({ enforced: true }),
}

const encrypted = 'alerts travel over https only (http is accepted for a server on this machine)'
const endpoint = z.url({ protocol: /^https?$/, normalize: false }).refine(isEncryptedOrLocal, encrypted)

const slack = z
  .strictObject({
    webhook: secret('address of an incoming webhook').optional(),
    bot_token: secret('token of a bot that may `chat:write`').optional(),
    channel: z
      .string()
      .regex(/^(#[^\s#]{1,80}|[CDG][A-Z0-9]{6,20})$/, 'a channel is `#name` or its id')
      .optional()
      .describe('where the bot writes what names no other channel')
      .meta({ enforced: true }),
    api_url: endpoint.default('https://slack.com/api').describe('address of the Web API; GovSlack has another').meta({ unit: 'url', enforced: true }),
    ...ofEveryDestination,
  })
  .superRefine(({ webhook, bot_token: token, channel }, context) => {
    const complain = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message })
    if ((webhook === undefined) === (token === undefined)) complain('webhook', 'Slack takes either a `webhook` or a `bot_token`')
    if (token !== undefined && channel === undefined) complain('channel', 'a bot needs a `channel` to write into')
    if (webhook !== undefined && channel !== undefined) complain('channel', 'a webhook writes into the one channel it was made for: leave `channel` out')
  })

const pagerduty = z.strictObject({
  routing_key: secret('integration key of an Events API v2 integration'),
  events_url: endpoint.default('https://events.pagerduty.com/v2/enqueue').describe('where events go; https://events.eu.pagerduty.com/v2/enqueue in the EU region').meta({ unit: 'url', enforced: true }),
  ...ofEveryDestination,
})

// No line breaks, no list separators, no angle brackets: what stands here goes into mail headers.
const mailbox = z.string().regex(/^[^\s@<>,;:"()]+@[^\s@<>,;:"()]+$/, 'a mail address is written `name@example.com`')

const email = z
  .strictObject({
    host: z.string().regex(/^[A-Za-z0-9.:-]+$/, 'a host is a name or an address').describe('mail server that takes the messages').meta({ enforced: true }),
    port: z.int().min(1).max(65_535).default(587).describe('its port: 587 for `starttls`, 465 for `implicit`').meta({ unit: 'port', enforced: true }),
    tls: z
      .enum(['starttls', 'implicit', 'none'])
      .default('starttls')
      .describe('how the connection is encrypted; `none` is accepted for a server on this machine only. Certificates are always verified')
      .meta({ enforced: true }),
    user: z.string().min(1).optional().describe('login at the mail server').meta({ enforced: true }),
    password: secret('password of `user`').optional(),
    from: mailbox.describe('sender').meta({ enforced: true }),
    to: z.array(mailbox).min(1).max(20).describe('who gets alerts').meta({ enforced: true }),
    ...ofEveryDestination,
  })
  .superRefine(({ host, tls, user, password }, context) => {
    if (tls === 'none' && !isLocal(host)) context.addIssue({ code: 'custom', path: ['tls'], message: 'mail leaves this machine encrypted: `starttls` or `implicit`' })
    if ((user === undefined) !== (password === undefined)) context.addIssue({ code: 'custom', path: ['user'], message: '`user` and `password` go together' })
  })

const webhook = z.strictObject({
  url: z
    .string()
    .regex(/^(\$[A-Za-z_]\w*|[^$\s]\S*)$/)
    .refine((text) => text.startsWith('$') || (URL.canParse(text) && isEncryptedOrLocal(text)), encrypted)
    .describe('address that takes alerts by POST, or a reference where it holds a token')
    .meta({ unit: 'text-or-reference', enforced: true }),
  secret: secret('key of the signature').optional(),
  ...ofEveryDestination,
})

const syslog = z.strictObject({
  address: z
    .string()
    .regex(/^(udp|tcp|tls):\/\/(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/, 'a syslog server is written `tls://logs.example.com:6514`, or with `tcp` or `udp`, which are not encrypted')
    .describe('server that takes messages in the form of RFC 5424')
    .meta({ enforced: true }),
  facility: z
    .enum(['user', 'daemon', 'auth', 'authpriv', 'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'])
    .default('authpriv')
    .describe('kind of program the messages are filed under')
    .meta({ enforced: true }),
  ...ofEveryDestination,
})

/** `notifications`: where alerts go, and what is told of jobs. */
export const notificationSettings = z
  .strictObject({
    minimum_severity: severity.default('warning').describe('least severity of an alert that is sent').meta({ enforced: true }),
    slack: slack.optional().describe('a Slack workspace'),
    pagerduty: pagerduty.optional().describe('a PagerDuty service'),
    email: email.optional().describe('mail'),
    webhook: webhook.optional().describe('a program of your own'),
    syslog: syslog.optional().describe('a log server'),
  })
  .prefault({})
  .describe('where alerts are sent; nowhere unless something stands here')

/** The settings as the room takes them. */
export type NotificationSettings = Frozen<z.output<typeof notificationSettings>>

/** As the configuration hands it out. */
type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T

/** Is it encrypted, or does it stay on this machine? */
export function isEncryptedOrLocal(address: string): boolean {
  const url = URL.parse(address)
  if (!url) return true // no address at all: the schema says so itself
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url.hostname.replace(/^\[|\]$/g, '')))
}

function isLocal(host: string): boolean {
  return host === 'localhost' || isLoopback(host)
}
