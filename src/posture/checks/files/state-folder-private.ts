import { defineCheck } from '../../check.ts'
import { privateJudge } from '../../private-files.ts'

export default defineCheck({
  id: 'files.state-folder-private',
  title: "only its owner gets into OpenClaw's state folder",
  severity: 'critical',
  why: 'tokens, provider keys, transcripts and approvals lie there: who reads it is the operator, who writes it is the agent',
  source: 'OpenClaw docs, gateway/security/secrets-and-storage (700); guides, file permissions',
  covers: ['fs.state_dir.perms_world_writable', 'fs.state_dir.perms_group_writable', 'fs.state_dir.perms_readable'],
  ...privateJudge('folder', {
    worldWritable: ['critical', 'fs.state_dir.perms_world_writable'],
    groupWritable: ['high', 'fs.state_dir.perms_group_writable'],
    worldReadable: ['high', 'fs.state_dir.perms_readable'],
    groupReadable: ['medium', 'fs.state_dir.perms_readable'],
  }),
  examples: {
    pass: { private: { config: {}, files: { '$STATE/state/x': '' } } },
    fail: {
      readable: { files: { $STATE: { kind: 'folder', mode: 0o755 } } },
      'writable by all': { files: { $STATE: { kind: 'folder', mode: 0o777 } } },
      'of the group': { files: { $STATE: { kind: 'folder', mode: 0o770 } } },
    },
  },
})
