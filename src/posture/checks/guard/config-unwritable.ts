import { defineCheck } from '../../check.ts'
import { flawsOfPlaces, narrowed } from '../../guard-places.ts'

export default defineCheck({
  id: 'guard.config-unwritable',
  title: 'only its owner can change the configuration of the guard',
  severity: 'critical',
  why: 'whoever can write there raises limits, allows hosts and names other stores for keys: the guard is theirs',
  source: 'hardening guide 1, least privilege: no access of others to /etc/openclaw',
  needs: ['guardConfig'],
  applies: ({ guardConfig }) => guardConfig.guard !== null,
  judge: ({ guardConfig }) => flawsOfPlaces(guardConfig, 'configuration', 0o022),
  fix: { risk: 'safe', part: 'files', plan: ({ guardConfig }) => narrowed(guardConfig, 'configuration', 0o022) },
  examples: {
    pass: { private: { files: { '$GUARD/config.yaml': '# private\n' } }, 'readable by a group': { files: { '$GUARD/config.yaml': { text: '# read\n', mode: 0o640 } } } },
    fail: {
      file: { files: { '$GUARD/config.yaml': { text: '# anybody writes here\n', mode: 0o666 } } },
      folder: { files: { '$GUARD': { kind: 'folder', mode: 0o775 }, '$GUARD/config.yaml': '# exchanged by the group\n' } },
    },
  },
})
