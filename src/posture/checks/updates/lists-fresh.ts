import { defineCheck } from '../../check.ts'
import { command } from '../../command-change.ts'
import { requireHere, type UpdatesFacts } from '../../facts/updates.ts'

// Twice the week a person may set as the interval of apt.
const maxAgeMs = 14 * 24 * 3_600_000
const at = (day: number): { kind: 'folder'; mode: number; modifiedMs: number } => ({ kind: 'folder', mode: 0o755, modifiedMs: Date.UTC(2026, 10, day) })

export default defineCheck({
  id: 'updates.lists-fresh',
  title: 'the machine knows which fixes are out',
  severity: 'medium',
  why: 'with old lists "nothing to upgrade" means nobody looked',
  source: 'apt-get(8), update; OpenClaw hardening checklist: system updates',
  needs: ['updates'],
  applies: ({ updates }) => updates.manager === 'apt',
  judge: ({ updates }) => (isOld(requireHere(updates, '/var/lib/apt')) ? [{ at: '/var/lib/apt/lists', saw: updates.listsMs === null ? 'never fetched' : `last fetched ${Math.floor((updates.now - updates.listsMs) / 86_400_000)} days ago`, want: 'fetched within two weeks' }] : []),
  fix: { risk: 'safe', part: 'apt', plan: ({ updates }) => (isOld(updates) ? [command(['apt-get', 'update'], null, 'fetches the lists of packages')] : []) },
  examples: {
    pass: { fresh: { files: { '/etc/apt/sources.list': '', '/var/lib/apt/lists': at(20) } } },
    fail: { old: { files: { '/etc/apt/sources.list': '', '/var/lib/apt/lists': at(1) }, fixedFiles: { '/var/lib/apt/lists': at(21) } } },
  },
})

function isOld({ listsMs, now }: UpdatesFacts): boolean {
  return listsMs === null || now - listsMs > maxAgeMs
}
