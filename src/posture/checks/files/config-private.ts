import { defineCheck } from '../../check.ts'
import { privateJudge } from '../../private-files.ts'

export default defineCheck({
  id: 'files.config-private',
  title: 'only its owner reads and writes openclaw.json',
  severity: 'critical',
  why: 'it holds the token of the gateway and often those of channels; who writes it decides what the agent may do',
  source: 'OpenClaw docs, gateway/security/secrets-and-storage (600); guides, file permissions',
  covers: ['fs.config.perms_writable', 'fs.config.perms_group_readable', 'fs.config.perms_world_readable'],
  ...privateJudge(({ config }) => [config], {
    worldWritable: ['critical', 'fs.config.perms_writable'],
    groupWritable: ['critical', 'fs.config.perms_writable'],
    worldReadable: ['critical', 'fs.config.perms_world_readable'],
    groupReadable: ['high', 'fs.config.perms_group_readable'],
  }),
  examples: {
    pass: { private: { config: {} }, none: { files: { '$STATE/logs/a.log': '' } } },
    fail: {
      'readable by all': { files: { '$STATE/openclaw.json': { text: '{}', mode: 0o644 } } },
      'in an open folder': { files: { $STATE: { kind: 'folder', mode: 0o755 }, '$STATE/openclaw.json': { text: '{}', mode: 0o660 } } },
      'through a link': { files: { '$STATE/openclaw.json': { kind: 'link', target: '/srv/claw.json' }, '/srv/claw.json': { text: '{}', mode: 0o644, uid: 1000 } } },
    },
  },
})
