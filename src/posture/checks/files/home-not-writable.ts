import { defineCheck } from '../../check.ts'
import { tightened, writableByOthers } from '../../loose-modes.ts'
import { othersWrite } from '../../private-files.ts'
import type { StateFolderFacts } from '../../facts/state-folder.ts'

export default defineCheck({
  id: 'files.home-not-writable',
  title: 'nobody else can put another state folder in the place of this one',
  severity: 'critical',
  why: 'who may write the folder above renames this one and puts up their own, whatever the modes inside',
  source: 'rename(2); OpenClaw docs, gateway/security/secrets-and-storage',
  needs: ['stateFolder'],
  restsOn: ['stateFolder.above'],
  judge: ({ stateFolder }) => othersWrite(above(stateFolder), 'critical', stateFolder),
  fix: { risk: 'safe', part: 'files', plan: ({ stateFolder }) => tightened(above(stateFolder), writableByOthers) },
  examples: {
    pass: { private: { config: {} }, 'sticky like /tmp': { config: {}, files: { '~': { kind: 'folder', mode: 0o1777 } } } },
    fail: { 'of the group': { config: {}, files: { '~': { kind: 'folder', mode: 0o775 } } }, 'of everybody': { config: {}, files: { '~': { kind: 'folder', mode: 0o777 } } } },
  },
})

// Where the sticky bit is set only owners rename.
function above({ above: folder }: StateFolderFacts): { path: string; mode: number }[] {
  return folder === null || (folder.mode & 0o1000) !== 0 ? [] : [{ path: folder.link ?? folder.path, mode: folder.mode }]
}
