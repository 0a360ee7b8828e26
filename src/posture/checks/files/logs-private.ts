import { defineCheck } from '../../check.ts'
import { coveredBy, privacyOf, privateJudge } from '../../private-files.ts'

const privacy = privacyOf('log_file')

export default defineCheck({
  id: 'files.logs-private',
  title: 'only their owner reads and writes the logs',
  severity: 'high',
  why: 'logs carry messages, tool output and addresses; who writes them takes his traces out',
  source: 'OpenClaw docs, gateway/security/audit-checks (fs.log_file.perms_readable)',
  covers: coveredBy(privacy),
  ...privateJudge('logs', { ...privacy, worldWritable: ['high'], groupWritable: ['high'] }),
  examples: {
    pass: { private: { files: { '$STATE/logs/gateway.log': '' } }, none: { config: {} } },
    fail: {
      readable: { files: { '$STATE/logs/gateway.log': { text: '', mode: 0o644 } } },
      'where the configuration says': { config: { logging: { file: '/var/log/openclaw.log' } }, files: { '/var/log/openclaw.log': { text: '', mode: 0o644 } } },
      'in the home': { config: { logging: { file: '~/openclaw.log' } }, files: { '~/openclaw.log': { text: '', mode: 0o664 } } },
    },
  },
})
