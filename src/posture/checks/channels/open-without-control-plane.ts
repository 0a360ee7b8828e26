import { defineCheck } from '../../check.ts'
import { openReachJudge } from '../../open-reach.ts'

export default defineCheck({
  id: 'channels.open-without-control-plane',
  title: 'strangers in open channels cannot reach the tools that update, schedule and extend OpenClaw',
  severity: 'critical',
  why: 'one message sets up a job that runs tomorrow, or a plugin that stays',
  source: 'OpenClaw docs, gateway/security/audit-checks (security.exposure.open_groups_with_control_plane_tools)',
  covers: ['security.exposure.open_groups_with_control_plane_tools'],
  ...openReachJudge({
    tools: ['automations', 'gateway', 'plugins'],
    deny: ['group:automation'],
    judge: () => ({ severity: 'critical', covers: ['security.exposure.open_groups_with_control_plane_tools'] }),
  }),
  examples: {
    pass: { denied: { config: { tools: { deny: ['group:automation'] }, channels: { telegram: { groupPolicy: 'open' } } } } },
    fail: {
      'an open group': { config: { channels: { telegram: { groupPolicy: 'open' } } } },
      'for one agent': { config: { tools: { allow: ['message', 'gateway'] }, agents: { list: [{ id: 'a' }] }, channels: { discord: { dm: { policy: 'open' }, dmPolicy: 'open' } } } },
    },
  },
})
