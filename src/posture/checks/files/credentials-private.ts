import { defineCheck } from '../../check.ts'
import { coveredBy, privacyOf, privateJudge } from '../../private-files.ts'

const privacy = privacyOf('credentials_dir', 'high')

export default defineCheck({
  id: 'files.credentials-private',
  title: 'only their owner reads and writes the credentials of channels',
  severity: 'critical',
  why: 'with the files of a linked messenger anybody is that account; who writes the pairing lists lets himself in',
  source: 'OpenClaw docs, gateway/security/secrets-and-storage (credentials/**)',
  covers: coveredBy(privacy),
  ...privateJudge('credentials', privacy),
  examples: {
    pass: { private: { files: { '$STATE/credentials/whatsapp-allowFrom.json': '[]' } }, none: { config: {} } },
    fail: {
      folder: { files: { '$STATE/credentials': { kind: 'folder', mode: 0o755 } } },
      file: { files: { '$STATE/credentials/oauth.json': { text: '{}', mode: 0o644 } } },
    },
  },
})
