import { defineCheck } from '../../check.ts'
import { coveredBy, privacyOf, privateJudge } from '../../private-files.ts'

const privacy = privacyOf('sessions_store', 'high')

export default defineCheck({
  id: 'files.sessions-private',
  title: 'only their owner reads and writes the transcripts of sessions',
  severity: 'critical',
  why: 'they hold every private chat and whatever secrets were pasted; a written one is believed by the agent as its own past',
  source: 'OpenClaw docs, gateway/security/audit-checks (fs.sessions_store.perms_readable); guides, protect memory',
  covers: coveredBy(privacy),
  ...privateJudge('sessions', privacy),
  examples: {
    pass: { private: { files: { '$STATE/agents/main/sessions/sessions.json': '{}' } }, none: { config: {} } },
    fail: {
      store: { files: { '$STATE/agents/main/sessions/sessions.json': { text: '{}', mode: 0o644 } } },
      transcript: { files: { '$STATE/agents/main/sessions/a.jsonl': { text: '', mode: 0o640 } } },
    },
  },
})
