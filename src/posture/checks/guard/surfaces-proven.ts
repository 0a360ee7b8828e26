import { formatDuration } from '../../../base/index.ts'
import { defineCheck } from '../../check.ts'
import type { ProofFacts, SurfaceRecord } from '../../facts/proofs.ts'

const proof = (surface: string, more: { decision: string; minute: string; summary: string }): string =>
  `{"seq":0,"timestamp":"2026-11-21T11:${more.minute}:00.000Z","event_type":"proof","surface":"${surface}","decision":"${more.decision}","result_summary":"${more.summary}"}\n`
const held = proof('egress', { decision: 'allow', minute: '57', summary: 'the forbidden host was refused' })
const log = '$GUARD_STATE/guard/audit/audit.log'

export default defineCheck({
  id: 'guard.surfaces-proven',
  title: 'every surface of the guard has a fresh proof',
  severity: 'high',
  why: 'what was configured and is not seen to hold has silently stopped before: after upgrades, reloads and crashes',
  source: 'docs/threat-model.md; hardening guide 3, test that it works after each step',
  needs: ['guardConfig', 'proofs'],
  applies: ({ guardConfig }) => guardConfig.guard !== null,
  judge: ({ proofs }) =>
    proofs.surfaces.length === 0
      ? [{ at: proofs.log ?? 'audit log', saw: 'no proof since the guard was last started', want: 'a running guard: hardshell start' }]
      : proofs.surfaces.flatMap((surface) => flawOf(surface, proofs)),
  fix: {
    risk: 'safe',
    part: 'gateway',
    plan: ({ guardConfig }) =>
      guardConfig.guard === null ? [] : [{ kind: 'command', do: ['hardshell', 'prove', '--state', guardConfig.guard.stateDir], undo: null, means: 'attack every surface now; it changes nothing' }],
  },
  examples: {
    pass: { fresh: { files: { [log]: held } } },
    fail: {
      'a surface that failed': { files: { [log]: held + proof('dns', { decision: 'deny', minute: '58', summary: 'the name was resolved' }) }, fixedFiles: { [log]: held + proof('dns', { decision: 'allow', minute: '59', summary: 'refused' }) } },
      'an old proof': { files: { [log]: proof('egress', { decision: 'allow', minute: '10', summary: 'refused' }) }, fixedFiles: { [log]: held } },
      'a stopped guard': {
        files: { [log]: `${held}{"seq":1,"timestamp":"2026-11-21T11:58:00.000Z","event_type":"lifecycle","reason":"guard stopped"}\n` },
        fixedFiles: { [log]: held },
      },
    },
  },
})

function flawOf({ id, ok, at, detail }: SurfaceRecord, { now, freshMs }: ProofFacts): { at: string; saw: string; want: string }[] {
  if (!ok) return [{ at: `surface ${id}`, saw: `its last proof failed: ${detail.slice(0, 160)}`, want: 'a proof that holds' }]
  if (now - at <= freshMs) return []
  return [{ at: `surface ${id}`, saw: `last proven ${formatDuration(now - at)} ago`, want: `a proof within ${formatDuration(freshMs)}` }]
}
