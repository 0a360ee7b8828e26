import { settingsJudge } from '../../bad-settings.ts'
import { channelSections, type ChannelSection } from '../../channel-policies.ts'
import { defineCheck } from '../../check.ts'

interface Hook {
  /** Keys of which one has to be there. */
  secret: readonly string[]
  /** Whether messages arrive over HTTP at all. */
  on(section: ChannelSection['merged']): boolean
  /** What to write for the way without an open door. */
  instead: readonly (readonly [key: string, to: unknown])[]
}

const hooks: Readonly<Record<string, Hook>> = {
  telegram: { secret: ['webhookSecret'], on: (own) => typeof own['webhookUrl'] === 'string', instead: [['webhookUrl', undefined]] },
  zalo: { secret: ['webhookSecret', 'webhookSecretFile'], on: (own) => typeof own['webhookUrl'] === 'string', instead: [['webhookUrl', undefined]] },
  feishu: { secret: ['verificationToken'], on: (own) => own['connectionMode'] === 'webhook', instead: [['connectionMode', 'websocket']] },
  slack: { secret: ['signingSecret'], on: (own) => own['mode'] === 'http', instead: [['mode', 'socket']] },
  bluebubbles: { secret: ['password'], on: (own) => typeof own['serverUrl'] === 'string', instead: [['enabled', false]] },
  'nextcloud-talk': { secret: ['botSecret', 'botSecretFile'], on: (own) => typeof own['baseUrl'] === 'string', instead: [['enabled', false]] },
  'synology-chat': { secret: ['token'], on: (own) => typeof own['incomingUrl'] === 'string', instead: [['enabled', false]] },
}

export default defineCheck({
  id: 'channels.webhooks-signed',
  title: 'messages that arrive over HTTP carry a secret',
  severity: 'critical',
  why: 'without one whoever knows the address writes messages in the name of anybody, the owner included',
  source: 'CVE-2026-25474 (Telegram), CVE-2026-26316 (BlueBubbles); OpenClaw docs of each channel',
  ...settingsJudge((config) =>
    channelSections(config).flatMap(({ channel, at, own, merged }) => {
      const hook = hooks[channel]
      // What an account inherits is told at the channel.
      if (hook === undefined || !hook.on(merged) || !hook.on(own)) return []
      if (hook.secret.some((key) => merged[key] !== undefined && merged[key] !== '')) return []
      const [first, ...more] = hook.instead
      return [
        {
          at: [...at, first![0]],
          saw: `HTTP without ${hook.secret.join(' or ')}`,
          want: `${hook.secret[0]}, or no webhook`,
          to: first![1],
          also: more.map(([key, to]) => ({ at: [...at, key], to })),
        },
      ]
    }),
  ),
  examples: {
    pass: {
      secret: { config: { channels: { telegram: { webhookUrl: 'https://bot.example.com/t', webhookSecret: '${TELEGRAM_WEBHOOK_SECRET}' } } } },
      polling: { config: { channels: { telegram: { botToken: '${TOKEN}' } } } },
      'of the channel': { config: { channels: { zalo: { webhookSecret: { source: 'env', id: 'ZALO' }, accounts: { a: { webhookUrl: 'https://x.example.com' } } } } } },
    },
    fail: {
      telegram: { config: { channels: { telegram: { webhookUrl: 'https://bot.example.com/t' } } } },
      feishu: { config: { channels: { feishu: { connectionMode: 'webhook' } } } },
      slack: { config: { channels: { slack: { accounts: { a: { mode: 'http' } } } } } },
      bluebubbles: { config: { channels: { bluebubbles: { serverUrl: 'http://127.0.0.1:1234' } } } },
    },
  },
})
