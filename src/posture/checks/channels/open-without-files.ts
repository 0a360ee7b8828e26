import { defineCheck } from '../../check.ts'
import { filesAreKept, openReachJudge } from '../../open-reach.ts'

export default defineCheck({
  id: 'channels.open-without-files',
  title: 'strangers in open channels cannot have files of the host read or written',
  severity: 'high',
  why: 'one message asks for ~/.ssh or openclaw.json, and the answer is posted in the channel',
  source: 'OpenClaw docs, gateway/security/audit-checks (security.exposure.open_groups_with_runtime_or_fs)',
  covers: ['security.exposure.open_groups_with_runtime_or_fs'],
  ...openReachJudge({
    tools: ['read', 'write', 'edit', 'apply_patch'],
    deny: ['group:fs'],
    judge: (config, scope) => (filesAreKept(config, scope) ? null : { severity: 'high', covers: ['security.exposure.open_groups_with_runtime_or_fs'] }),
  }),
  examples: {
    pass: {
      'in the workspace': { config: { tools: { fs: { workspaceOnly: true } }, channels: { telegram: { groupPolicy: 'open' } } } },
      closed: { config: { channels: { telegram: { groupPolicy: 'allowlist' } } } },
    },
    fail: { 'an open group': { config: { tools: { profile: 'coding' }, channels: { telegram: { groupPolicy: 'open' } } } } },
  },
})
