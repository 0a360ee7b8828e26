import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.answers-leak-nothing',
  title: 'images and links in answers that carry data out are removed',
  severity: 'high',
  why: 'a picture whose address holds the conversation is fetched by the reader, without a click',
  source: 'hardening guide 1, output sanitization; docs/detection.md',
  at: 'content.output.exfiltration',
  fallback: 'redact',
  isGood: (value) => value === 'redact',
  want: 'redact',
  to: () => 'redact',
  fails: { 'off': 'content:\n  output:\n    exfiltration: "off"\n' },
})
