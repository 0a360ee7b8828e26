import { readBase64 } from '../base64.ts'
import { anyOf } from '../joined.ts'
import type { SecretPattern } from '../pattern.ts'
import { prefixed } from '../prefixed.ts'
import { looksTyped } from '../random-looking.ts'
import { fill, mark, sample } from '../sample.ts'

/** Messengers: what lets somebody speak in an agent's place. */
export const chat: readonly SecretPattern[] = [
  {
    id: 'slack.token',
    type: 'slack-token',
    title: 'Slack token',
    source: 'Slack docs, token types',
    keywords: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxo-', 'xoxe-', 'xoxe.', 'xoxc-', 'xoxd-'],
    shape: /xox(?:[abprsoecd]-|e\.xox[bp]-)[A-Za-z0-9%-]{10,256}/,
    tail: 'A-Za-z0-9%-',
    accept: (token) => /[0-9](?:[^0-9]{0,60}[0-9]){3}|[A-Z][a-z0-9][A-Z]|%/.test(token) && isWhole(token),
    examples: {
      found: [mark(`xoxb-${fill(12, 'digit')}-${fill(12, 'digit')}-${fill(24)}`), mark(`xoxe.xoxp-1-${fill(140)}`)],
      passed: ['xoxb-…', `xoxp-${fill(12, 'digit')}-${'#'.repeat(20)}`, 'xoxo-love', '2018-250-xoxo-indieweb-1.jpg', 'xoxe.xoxp-1-SlackConfigurationTokenHere'],
    },
  },
  prefixed(
    {
      id: 'slack.app-token',
      type: 'slack-token',
      title: 'Slack app-level token',
      source: 'Slack docs, token types',
      anywhere: true,
    },
    ['xapp-'],
    { of: 'url', least: 30 },
  ),
  {
    id: 'slack.short-app-token',
    type: 'slack-token',
    title: 'Slack app-level token, told by its parts',
    source: 'Slack docs, token types: xapp-, a digit, the app, a number, the secret',
    keywords: ['xapp-'],
    anywhere: true,
    shape: /xapp-[0-9]-[A-Za-z0-9]{1,40}-[0-9]{1,40}-[A-Za-z0-9]{1,200}/,
    tail: 'A-Za-z0-9',
    examples: {
      found: [mark(`xapp-1-A${fill(4, 'upper')}-${fill(5, 'digit')}-${fill(6, 'lower')}`)],
      passed: ['xapp-1-A0-', 'xapp-server-2-thing'],
    },
  },
  {
    id: 'slack.webhook',
    type: 'slack-webhook',
    title: 'Slack incoming webhook or workflow trigger',
    source: 'Slack docs, incoming webhooks',
    keywords: ['hooks.slack.com/'],
    shape: anyOf(
      /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9+\/]{30,200}/,
      /hooks\.slack\.com\/services\/T[A-Za-z0-9]{1,40}\/B[A-Za-z0-9]{1,40}\/[A-Za-z0-9]{8,40}/,
    ),
    tail: 'A-Za-z0-9+/',
    anywhere: true,
    examples: {
      found: [`https://${mark(`hooks.slack.com/services/T${fill(8, 'upper')}/B${fill(8, 'upper')}/${fill(24)}`)}`],
      passed: ['https://hooks.slack.com/services/T…'],
    },
  },
  {
    id: 'telegram.bot-token',
    type: 'telegram-bot-token',
    title: 'Telegram bot token',
    source: 'Telegram Bot API, authorizing your bot',
    keywords: [':A'],
    lead: { class: '0-9', most: 12 },
    shape: /[0-9]{7,12}:A[A-Za-z0-9_-]{33,34}(?![A-Za-z0-9_-])/,
    anywhere: true,
    examples: {
      found: [`https://api.telegram.org/bot${mark(`${fill(10, 'digit')}:AA${fill(33, 'url')}`)}/getMe`],
      passed: ['12345678:AAshort', `10:A${fill(34)}`],
    },
  },
  {
    id: 'discord.bot-token',
    type: 'discord-bot-token',
    title: 'Discord bot token',
    source: 'Discord developer docs, reference: authentication',
    // The first part is the user's number in base64: these are the ways two digits begin there.
    keywords: ['MD', 'MT', 'Mj', 'Mz', 'ND', 'NT', 'Nj', 'Nz', 'OD', 'OT'],
    shape: /[MNO][DTjz][A-Za-z0-9_-]{21,24}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,120}/,
    tail: 'A-Za-z0-9_-',
    // The first part is the bot's number in base64; half of it is enough, so that one wrong letter hides nothing.
    accept: (token) => (readBase64(token.slice(0, token.indexOf('.'))).match(/[0-9]/g) ?? []).length >= 9,
    examples: {
      found: [`Bot ${mark(`MTIzNDU2Nzg5MDEyMzQ1Njc4.${fill(6)}.${fill(38)}`)}`],
      passed: ['MDN.web.docs', 'OTHER.things.in.capitals', `MT${fill(22)}.${fill(6)}.${fill(38)}`],
    },
  },
  {
    id: 'discord.webhook',
    type: 'discord-webhook',
    title: 'Discord webhook',
    source: 'Discord developer docs, webhook resource',
    keywords: ['discord.com/api/', 'discordapp.com/api/'],
    shape: /discord(?:app)?\.com\/api\/(?:v[0-9]{1,2}\/)?webhooks\/[0-9]{17,20}\/[A-Za-z0-9_-]{60,100}/,
    tail: 'A-Za-z0-9_-',
    anywhere: true,
    examples: {
      found: [`https://${mark(`discord.com/api/webhooks/${fill(18, 'digit')}/${fill(68)}`)}`],
      passed: ['https://discord.com/api/v10/channels/1'],
    },
  },
  {
    id: 'microsoft-teams.webhook',
    type: 'teams-webhook',
    title: 'Microsoft Teams incoming webhook',
    source: 'Microsoft Teams docs, incoming webhooks',
    keywords: ['webhook.office.com/', 'outlook.office.com/webhook/'],
    shape: /(?:webhook\.office\.com\/webhookb2|outlook\.office\.com\/webhook)\/[A-Za-z0-9@\/-]{80,240}/,
    tail: 'A-Za-z0-9@/-',
    anywhere: true,
    examples: {
      found: [`https://contoso.${sample('webhook.office.com/webhookb2/', 160)}`],
      passed: ['https://contoso.webhook.office.com/webhookb2/'],
    },
  },
]

/** Not what a person typed, and not the part that is shown of a hidden token (`xoxp-123-456-####`). */
function isWhole(token: string): boolean {
  return !looksTyped(token.slice(5)) && !token.endsWith('-')
}
