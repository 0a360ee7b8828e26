import { lineIn } from '../../change.ts'
import { defineCheck } from '../../check.ts'
import { ownLimits, type LoggingFacts } from '../../facts/logging.ts'

const line = { key: '*', separator: ' ' } as const
const hard = 'hard core 0'

export default defineCheck({
  id: 'services.no-core-dumps',
  title: 'programs that crash leave no copy of their memory',
  severity: 'low',
  why: 'a core of the gateway holds every key and conversation that was in memory',
  source: 'CIS Debian Linux 12 Benchmark, 1.5 (core dumps are restricted); limits.conf(5)',
  needs: ['logging'],
  judge: ({ logging }) => (isOff(logging) ? [] : [{ at: '/etc/security/limits.conf', saw: 'core dumps are allowed', want: `* ${hard}` }]),
  fix: { risk: 'safe', part: 'files', plan: ({ logging }) => (isOff(logging) ? [] : [{ kind: 'line', path: ownLimits, ...line, from: lineIn(logging.ownLimits, line), to: hard }]) },
  examples: {
    pass: { off: { files: { '/etc/security/limits.conf': '*\thard\tcore\t0\n' } } },
    fail: { allowed: { files: { '/etc/security/limits.conf': '#* soft core 0\n' } }, 'soft only': { files: { '/etc/security/limits.d/10.conf': '* soft core 0\n' } } },
  },
})

function isOff({ limits }: LoggingFacts): boolean {
  if (limits === null) throw new Error('no limits.conf is here')
  return limits.some((text) => /^\s*\*\s+(hard|-)\s+core\s+0\s*$/m.test(text))
}
