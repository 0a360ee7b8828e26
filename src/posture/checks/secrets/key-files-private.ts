import type { ModeChange } from '../../change.ts'
import { defineCheck } from '../../check.ts'
import type { KeyFile } from '../../facts/residue-key-files.ts'

// Read, write and run for group and others.
const others = 0o077

export default defineCheck({
  id: 'secrets.key-files-private',
  title: 'files of keys are readable by their owner alone',
  severity: 'high',
  why: 'every user and every service of the machine reads the keys',
  source: 'guide 1, secrets: chmod 600',
  needs: ['keyFiles'],
  judge: ({ keyFiles }) => keyFiles.filter(isOpen).map(({ path, mode }) => ({ at: path, saw: `mode ${mode.toString(8)}`, want: `mode ${(mode & ~others).toString(8)}` })),
  fix: {
    risk: 'safe',
    part: 'files',
    plan: ({ keyFiles }) => keyFiles.filter(isOpen).map(({ path, mode }): ModeChange => ({ kind: 'mode', path, from: mode, to: mode & ~others })),
  },
  examples: {
    pass: {
      private: { config: {}, files: { '$STATE/.env': 'A=b\n', '~/.netrc': 'machine x\n' } },
      example: { config: {}, files: { '$STATE/.env.example': { text: 'A=\n', mode: 0o644 } } },
    },
    fail: {
      env: { config: {}, files: { '$STATE/.env': { text: 'A=b\n', mode: 0o644 } } },
      git: { config: {}, files: { '~/.git-credentials': { text: 'x', mode: 0o640 } } },
      key: { config: {}, files: { '$STATE/tls.key': { text: 'x', mode: 0o604 } } },
    },
  },
})

/** A certificate alone is public; `.pem` says not which it is, so it counts as a key. */
function isOpen({ mode }: KeyFile): boolean {
  return (mode & others) !== 0
}
