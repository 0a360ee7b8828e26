import { defineCheck } from '../../check.ts'
import { coveredBy, privacyOf, privateJudge } from '../../private-files.ts'

const privacy = privacyOf('auth_profiles', 'high')

export default defineCheck({
  id: 'files.provider-keys-private',
  title: 'only their owner reads and writes the keys of model providers',
  severity: 'critical',
  why: 'these files hold API keys and sign-ins in plain text: who reads them spends the money of the operator',
  source: 'OpenClaw docs, gateway/security/audit-checks (fs.auth_profiles.perms_*)',
  covers: coveredBy(privacy),
  ...privateJudge('keys', privacy),
  examples: {
    pass: { private: { files: { '$STATE/agents/main/agent/auth-profiles.json': '{}' } }, none: { config: {} } },
    fail: {
      readable: { files: { '$STATE/agents/main/agent/auth-profiles.json': { text: '{}', mode: 0o644 } } },
      'of another agent': { files: { '$STATE/agents/ops/agent/openclaw-agent.sqlite-wal': { text: '', mode: 0o666 } } },
    },
  },
})
