import { defineCheck } from '../../check.ts'
import type { Facts } from '../../facts.ts'
import { looseModes, openToOthers, tightened } from '../../loose-modes.ts'
import { isBehindClosed } from '../../private-files.ts'

export default defineCheck({
  id: 'memory.folder-private',
  title: 'other users of the machine cannot get into the workspace of an agent',
  severity: 'high',
  why: 'memory holds what its owner told it in private, and a file put beside it is an order; OpenClaw makes the folder readable to all',
  source: 'OpenClaw 2026.9.6, where the workspace is made with mode 755; guides, treat memory like a database of personal information',
  needs: ['stateFolder', 'workspace'],
  restsOn: ['workspace.folders'],
  judge: (facts) => open(facts).flatMap((folder) => looseModes([folder], openToOthers).map((flaw) => ({ ...flaw, severity: folder.mode & 0o002 ? ('high' as const) : folder.mode & 0o020 ? ('medium' as const) : ('low' as const) }))),
  fix: { risk: 'safe', part: 'files', plan: (facts) => tightened(open(facts), openToOthers) },
  examples: {
    pass: {
      'below a closed folder': { files: { '$STATE/workspace': { kind: 'folder', mode: 0o755 }, '$STATE/workspace/MEMORY.md': 'tea' } },
      private: { config: { agents: { defaults: { workspace: '/srv/claw' } } }, files: { '/srv/claw': { kind: 'folder', mode: 0o700 } } },
      'nobody there': { config: {} },
    },
    fail: {
      'as it was made': { config: { agents: { defaults: { workspace: '/srv/claw' } } }, files: { '/srv/claw': { kind: 'folder', mode: 0o755 }, '/srv/claw/MEMORY.md': { text: 'tea', mode: 0o644 } } },
      writable: { files: { $STATE: { kind: 'folder', mode: 0o755 }, '$STATE/workspace': { kind: 'folder', mode: 0o777 } } },
    },
  },
})

function open({ stateFolder, workspace }: Pick<Facts, 'stateFolder' | 'workspace'>): { path: string; mode: number }[] {
  return workspace.folders.map(({ path, link, mode }) => ({ path: link ?? path, mode })).filter(({ path }) => !isBehindClosed(path, stateFolder.folder))
}
