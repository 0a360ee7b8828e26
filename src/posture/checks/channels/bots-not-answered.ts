import { settingsJudge } from '../../bad-settings.ts'
import { channelSections } from '../../channel-policies.ts'
import { defineCheck } from '../../check.ts'

export default defineCheck({
  id: 'channels.bots-not-answered',
  title: 'the agent does not take orders from other bots',
  severity: 'medium',
  why: 'a bot that relays mail, tickets or web pages relays injections too, and two agents can talk to each other for ever',
  source: 'OpenClaw docs, channels/bot-loop-protection (allowBots, false by default)',
  ...settingsJudge((config) =>
    channelSections(config).flatMap(({ own, at }) => (own['allowBots'] === true ? [{ at: [...at, 'allowBots'], saw: 'true', want: 'false, or mentions', to: false }] : [])),
  ),
  examples: {
    pass: { 'by default': { config: { channels: { slack: {} } } }, 'when mentioned': { config: { channels: { slack: { allowBots: 'mentions' } } } } },
    fail: { bots: { config: { channels: { discord: { allowBots: true } } } } },
  },
})
