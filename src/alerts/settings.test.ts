import { describe, expect, it } from 'vitest'
import { notificationSettings } from './settings.ts'

/** Where it is wrong; empty: it is accepted. */
function wrong(settings: object): string[] {
  const { error } = notificationSettings.safeParse(settings)
  return error?.issues.map(({ path }) => path.join('.')) ?? []
}

const email = { host: 'smtp.example.com', from: 'guard@example.com', to: ['a@example.com'] }

describe('destinations', () => {
  it('are none unless somebody writes one', () => {
    expect(notificationSettings.parse({})).toEqual({ minimum_severity: 'warning' })
  })

  it.each([
    ['a webhook of Slack', { slack: { webhook: '$SLACK_WEBHOOK' } }],
    ['a bot of Slack', { slack: { bot_token: '$BOT', channel: '#alerts' } }],
    ['PagerDuty', { pagerduty: { routing_key: '$KEY', minimum_severity: 'critical' } }],
    ['mail', { email: { ...email, user: 'guard', password: '$PASSWORD' } }],
    ['mail by a server on this machine', { email: { ...email, host: 'localhost', port: 25, tls: 'none' } }],
    ['a webhook', { webhook: { url: 'https://hooks.example.com/x', secret: '$KEY' } }],
    ['a webhook whose address is a secret', { webhook: { url: '$WEBHOOK_URL' } }],
    ['a log server', { syslog: { address: 'tls://[2001:db8::1]:6514', facility: 'local0' } }],
  ])('take %s', (_, settings) => {
    expect(wrong(settings)).toEqual([])
  })

  it.each([
    ['a token in plain text', { slack: { bot_token: 'a-token', channel: '#alerts' } }, ['slack.bot_token']],
    ['both ways into Slack', { slack: { webhook: '$A', bot_token: '$B', channel: '#alerts' } }, ['slack.webhook', 'slack.channel']],
    ['no way into Slack', { slack: {} }, ['slack.webhook']],
    ['a bot without a channel', { slack: { bot_token: '$B' } }, ['slack.channel']],
    ['a Web API in the clear', { slack: { webhook: '$A', api_url: 'http://slack.example.com/api' } }, ['slack.api_url']],
    ['events in the clear', { pagerduty: { routing_key: '$A', events_url: 'http://events.example.com' } }, ['pagerduty.events_url']],
    ['mail in the clear', { email: { ...email, tls: 'none' } }, ['email.tls']],
    ['a login without a password', { email: { ...email, user: 'guard' } }, ['email.user']],
    ['an address with a header in it', { email: { ...email, to: ['a@example.com\r\nBcc: b@example.com'] } }, ['email.to.0']],
    ['two addresses in one', { email: { ...email, from: 'a@example.com,b@example.com' } }, ['email.from']],
    ['a webhook in the clear', { webhook: { url: 'http://hooks.example.com/x' } }, ['webhook.url']],
    ['a webhook that is a file', { webhook: { url: 'file:///etc/passwd' } }, ['webhook.url']],
    ['a log server without a port', { syslog: { address: 'tls://logs.example.com' } }, ['syslog.address']],
    ['a key nobody knows', { slak: {} }, ['']],
  ])('refuse %s', (_, settings, places) => {
    expect(wrong(settings)).toEqual(places)
  })
})
