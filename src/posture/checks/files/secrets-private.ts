import { defineCheck } from '../../check.ts'
import { privacyOf, privateJudge } from '../../private-files.ts'

export default defineCheck({
  id: 'files.secrets-private',
  title: 'only their owner reads and writes .env and other files of secrets',
  severity: 'critical',
  why: 'they exist to hold secrets: keys of providers, the token of the approval socket, the identity of the device',
  source: 'OpenClaw docs, gateway/security/secrets-and-storage; guides, chmod 600 .env',
  ...privateJudge('secrets', privacyOf(null, 'critical')),
  examples: {
    pass: { private: { files: { '$STATE/.env': 'A=1' } }, none: { config: {} } },
    fail: { env: { files: { '$STATE/.env': { text: 'A=1', mode: 0o644 } } }, approvals: { files: { '$STATE/exec-approvals.json': { text: '{}', mode: 0o664 } } } },
  },
})
