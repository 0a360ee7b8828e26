import type { Clock } from '../base/index.ts'
import type { Channel, ChannelPorts } from './channel.ts'
import { emailChannel } from './channels/email.ts'
import { pagerdutyChannel } from './channels/pagerduty.ts'
import { slackChannel } from './channels/slack.ts'
import { syslogChannel } from './channels/syslog.ts'
import { webhookChannel } from './channels/webhook.ts'
import type { NotificationSettings } from './settings.ts'

/** A channel for each destination that is configured. Nothing is connected and no secret is looked up yet. */
export function openChannels(settings: NotificationSettings, ports: ChannelPorts & { clock: Clock }): Channel[] {
  const { slack, pagerduty, email, webhook, syslog } = settings
  const from = (own: { minimum_severity?: Channel['minimumSeverity'] | undefined }): Channel['minimumSeverity'] => own.minimum_severity ?? settings.minimum_severity
  return [
    slack && slackChannel(slack, from(slack), ports),
    pagerduty && pagerdutyChannel(pagerduty, from(pagerduty), ports),
    email && emailChannel(email, from(email), ports),
    webhook && webhookChannel(webhook, from(webhook), ports),
    syslog && syslogChannel(syslog, from(syslog), ports),
  ].filter((channel) => channel !== undefined)
}

/** Names of the secrets destinations are reached with. */
export function notificationSecrets({ slack, pagerduty, email, webhook }: NotificationSettings): string[] {
  const references = [slack?.webhook, slack?.bot_token, pagerduty?.routing_key, email?.password, webhook?.secret, webhook?.url]
  return references.flatMap((reference) => (reference?.startsWith('$') ? [reference.slice(1)] : []))
}
