import { headerCheck } from '../../header-check.ts'

export default headerCheck({
  id: 'tls.strict-transport',
  title: 'browsers are told to come back by HTTPS only',
  severity: 'medium',
  why: 'the first plain request of a visit can be taken over and never reaches HTTPS',
  source: 'RFC 6797; OpenClaw security guides: HSTS',
  wanted: { 'Strict-Transport-Security': 'max-age=31536000' },
  line: 'add_header Strict-Transport-Security "max-age=63072000; includeSubDomains" always;',
})
