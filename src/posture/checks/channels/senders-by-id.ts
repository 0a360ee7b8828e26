import { settingsJudge } from '../../bad-settings.ts'
import { channelSections } from '../../channel-policies.ts'
import { defineCheck } from '../../check.ts'

export default defineCheck({
  id: 'channels.senders-by-id',
  title: 'people are known by ids nobody else can take',
  severity: 'high',
  why: 'display names and tags are free to choose: whoever takes the name of a listed person is that person to the agent',
  source: 'OpenClaw docs, gateway/security/audit-checks (channels.<provider>.allowFrom.dangerous_name_matching_enabled)',
  covers: ['channels.*.allowFrom.dangerous_name_matching_enabled'],
  ...settingsJudge((config) =>
    channelSections(config).flatMap(({ own, at, channel }) =>
      own['dangerouslyAllowNameMatching'] === true
        ? [{ at: [...at, 'dangerouslyAllowNameMatching'], saw: 'true', want: 'false', to: false, covers: [`channels.${channel}.allowFrom.dangerous_name_matching_enabled`] }]
        : [],
    ),
  ),
  examples: {
    pass: { 'by default': { config: { channels: { discord: { allowFrom: ['123456789012345678'] } } } } },
    fail: { names: { config: { channels: { discord: { dangerouslyAllowNameMatching: true } } } }, account: { config: { channels: { slack: { accounts: { w: { dangerouslyAllowNameMatching: true } } } } } } },
  },
})
