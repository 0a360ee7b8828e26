import { defineCheck } from '../../check.ts'
import { privateJudge } from '../../private-files.ts'

export default defineCheck({
  id: 'files.includes-private',
  title: 'only their owner reads and writes the files openclaw.json includes',
  severity: 'critical',
  why: 'an included file is configuration like any other: who writes it decides what the agent may do',
  source: 'OpenClaw docs, gateway/security/audit-checks (fs.config_include.perms_*)',
  covers: ['fs.config_include.perms_writable', 'fs.config_include.perms_group_readable', 'fs.config_include.perms_world_readable'],
  ...privateJudge('includes', {
    worldWritable: ['critical', 'fs.config_include.perms_writable'],
    groupWritable: ['critical', 'fs.config_include.perms_writable'],
    worldReadable: ['critical', 'fs.config_include.perms_world_readable'],
    groupReadable: ['high', 'fs.config_include.perms_group_readable'],
  }),
  examples: {
    pass: {
      none: { config: {} },
      private: { config: { channels: { $include: './channels.json5' } }, files: { '$STATE/channels.json5': '{ telegram: {} }' } },
    },
    fail: { readable: { config: { channels: { $include: './channels.json5' } }, files: { '$STATE/channels.json5': { text: '{ telegram: {} }', mode: 0o644 } } } },
  },
})
