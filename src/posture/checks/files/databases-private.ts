import { defineCheck } from '../../check.ts'
import { privacyOf, privateJudge } from '../../private-files.ts'

export default defineCheck({
  id: 'files.databases-private',
  title: "only its owner reads and writes OpenClaw's database",
  severity: 'critical',
  why: 'stored secrets stand in it in plain text, and approvals of commands, paired devices and scheduled jobs are rows of it',
  source: 'OpenClaw docs, gateway/security/secrets-and-storage (state/openclaw.sqlite)',
  ...privateJudge('databases', privacyOf(null, 'critical')),
  examples: {
    pass: { private: { files: { '$STATE/state/openclaw.sqlite': '' } }, none: { config: {} } },
    fail: { readable: { files: { '$STATE/state/openclaw.sqlite': { text: '', mode: 0o644 }, '$STATE/state/openclaw.sqlite-wal': { text: '', mode: 0o644 } } } },
  },
})
