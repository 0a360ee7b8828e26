import { withoutPatterns } from '../../approvals-document.ts'
import { defineCheck } from '../../check.ts'
import type { AllowedPattern } from '../../facts/exec-approvals.ts'
import type { Facts } from '../../facts.ts'

// The interval of the guides' quarterly review of access.
const staleMs = 90 * 24 * 60 * 60 * 1000

export default defineCheck({
  id: 'approvals.unused-forgotten',
  title: 'what was allowed for good and is not used any more is taken back',
  severity: 'low',
  why: 'nobody remembers an approval of last year; whoever injects a command finds it',
  source: 'guides, quarterly review of access; OpenClaw docs, tools/exec-approvals (lastUsedAt)',
  needs: ['execApprovals', 'clock'],
  judge: (facts) => stale(facts).map(({ agent, pattern }) => ({ at: `${facts.execApprovals.path} agents.${agent}.allowlist`, saw: `${pattern}, not used for ${staleMs / 86_400_000} days`, want: 'no such entry' })),
  fix: { risk: 'restart', part: 'gateway', plan: (facts) => withoutPatterns(facts.execApprovals, stale(facts)) },
  examples: {
    pass: { recent: { files: { '$STATE/exec-approvals.json': list(Date.UTC(2026, 10, 1)) } }, 'nobody noted it': { files: { '$STATE/exec-approvals.json': list(null) } } },
    fail: { old: { files: { '$STATE/exec-approvals.json': list(Date.UTC(2026, 5, 1)) } } },
  },
})

function stale({ execApprovals, clock }: Pick<Facts, 'execApprovals' | 'clock'>): AllowedPattern[] {
  return execApprovals.allowed.filter(({ lastUsedMs }) => lastUsedMs !== null && clock.now - lastUsedMs > staleMs)
}

function list(lastUsedAt: number | null): string {
  return JSON.stringify({ agents: { main: { allowlist: [{ pattern: '/usr/bin/git', lastUsedAt }] } } })
}
