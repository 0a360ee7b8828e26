import { headerCheck } from '../../header-check.ts'

export default headerCheck({
  id: 'tls.safe-headers',
  title: 'browsers are told not to guess types and not to frame the page',
  severity: 'low',
  why: 'a page that frames the dashboard makes its owner click what he does not see',
  source: 'OpenClaw security guides: X-Content-Type-Options, X-Frame-Options; OWASP Secure Headers',
  wanted: { 'X-Content-Type-Options': 'nosniff', 'X-Frame-Options': 'SAMEORIGIN' },
  line: 'add_header X-Frame-Options DENY always;',
})
