import type { AuditReport, ReportedFinding } from '../audit.ts'

/** A finding of no importance, for tests of reports. */
export function findingWith(more: Partial<ReportedFinding> = {}): ReportedFinding {
  return {
    id: 'gateway.bind-loopback', severity: 'high', title: 'gateway listens on loopback only', at: 'gateway.bind', evidence: 'lan', want: 'loopback',
    fixable: true, covers: [], source: 'hardshell', judge: null, also: [], contradicts: [], fingerprint: 'f1', file: '/home/ann/.openclaw/openclaw.json', line: 4, ...more,
  }
}

/** An audit without anything to say. */
export function reportWith(more: Partial<AuditReport> = {}): AuditReport {
  return {
    grade: 'D', time: '2026-11-21T12:00:00.000Z', tookMs: 40,
    installation: { config: '/home/ann/.openclaw/openclaw.json', stateDir: null, openclaw: '2026.9.6', guarded: false, machine: null, program: null },
    others: [], counts: { critical: 0, high: 0, medium: 0, low: 0, info: 0 }, findings: [], suppressed: [], expired: [], unused: [],
    unknown: [], notAsked: [], leftOut: [], problems: [], passed: [], skipped: [], native: [], difference: null, ...more,
  }
}

/** What an attacker writes into a name: a new line, a terminal's title and clipboard, markup, a reordered line, half a pair, no character of XML. */
export const hostile = `a"b'c&<b>\n\u001b]0;owned\u0007\u001b[2J</script><script>alert(1)</script>]]>\u202egnp.exe\ud800\uffff`
