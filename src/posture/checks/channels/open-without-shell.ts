import { defineCheck } from '../../check.ts'
import { openReachJudge } from '../../open-reach.ts'
import { commandsAreKept, execPolicy } from '../../exec-policy.ts'

export default defineCheck({
  id: 'channels.open-without-shell',
  title: 'strangers in open channels cannot get a command run',
  severity: 'critical',
  why: 'anybody who finds the bot writes one message, and a shell of the host runs what it says',
  source: 'OpenClaw docs, gateway/security/audit-checks (security.exposure.open_channels_with_exec, open_groups_with_runtime_or_fs)',
  covers: ['security.exposure.open_channels_with_exec', 'security.exposure.open_groups_with_runtime_or_fs'],
  ...openReachJudge({
    tools: ['exec', 'process'],
    deny: ['group:runtime'],
    judge(config, scope) {
      const { security } = execPolicy(config, scope)
      if (security === 'deny') return null
      // In the sandbox it is no shell of the host, but still compute and network for strangers.
      if (commandsAreKept(config, scope)) return { severity: 'medium', covers: ['security.exposure.open_channels_with_exec'] }
      const covers = ['security.exposure.open_channels_with_exec', 'security.exposure.open_groups_with_runtime_or_fs']
      return { severity: security === 'full' ? 'critical' : 'high', covers }
    },
  }),
  examples: {
    pass: {
      closed: { config: { channels: { telegram: { dmPolicy: 'pairing', groupPolicy: 'allowlist' } } } },
      'no shell': { config: { tools: { profile: 'messaging' }, channels: { telegram: { groupPolicy: 'open' } } } },
      'denied by policy': { config: { tools: { exec: { security: 'deny' } }, channels: { telegram: { groupPolicy: 'open' } } } },
      'a channel that is off': { config: { channels: { telegram: { enabled: false, groupPolicy: 'open' } } } },
    },
    fail: {
      'an open group': { config: { channels: { telegram: { groupPolicy: 'open' } } } },
      'an account': { config: { tools: { exec: { security: 'allowlist' } }, channels: { slack: { accounts: { work: { dmPolicy: 'open' } } } } } },
      'in a sandbox': { config: { agents: { defaults: { sandbox: { mode: 'all' } } }, channels: { slack: { groupPolicy: 'open' } } } },
    },
  },
})
