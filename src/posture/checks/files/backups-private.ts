import { defineCheck } from '../../check.ts'
import { privacyOf, privateJudge } from '../../private-files.ts'

export default defineCheck({
  id: 'files.backups-private',
  title: 'only their owner reads older copies of the configuration',
  severity: 'critical',
  why: 'a copy made in a hurry has the mode of the moment and every token of the original',
  source: 'guides, file permissions and backups; OpenClaw keeps .bak and .last-good beside openclaw.json',
  ...privateJudge('backups', privacyOf(null, 'critical')),
  examples: {
    pass: { private: { files: { '$STATE/openclaw.json.bak': '{}' } }, none: { config: {} } },
    fail: {
      copy: { files: { '$STATE/openclaw.json.bak.2': { text: '{}', mode: 0o644 } } },
      archive: { files: { $STATE: { kind: 'folder', mode: 0o755 }, '$STATE/state.tar.gz': { text: '', mode: 0o644 } } },
    },
  },
})
