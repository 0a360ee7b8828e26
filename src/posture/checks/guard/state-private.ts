import { defineCheck } from '../../check.ts'
import { flawsOfPlaces, narrowed } from '../../guard-places.ts'

export default defineCheck({
  id: 'guard.state-private',
  title: 'only the guard can look into its state',
  severity: 'critical',
  why: 'keys, the log and the socket that gives orders lie there; whoever reads them is the operator',
  source: 'docs/threat-model.md; hardening guide 1, least privilege: 0700 for secrets',
  needs: ['guardConfig'],
  applies: ({ guardConfig }) => guardConfig.guard !== null,
  judge: ({ guardConfig }) => flawsOfPlaces(guardConfig, 'state', 0o077),
  fix: { risk: 'safe', part: 'files', plan: ({ guardConfig }) => narrowed(guardConfig, 'state', 0o077) },
  examples: {
    pass: { private: { files: { '$GUARD_STATE/guard': { kind: 'folder', mode: 0o700 } } }, 'never started': { files: { '$GUARD/config.yaml': '# no state yet\n' } } },
    fail: { 'open to the group': { files: { '$GUARD_STATE/guard': { kind: 'folder', mode: 0o750 } } } },
  },
})
