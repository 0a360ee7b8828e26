import { scopesOf } from '../../agent-scopes.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { defineCheck } from '../../check.ts'
import { isMutableFolder } from '../../mutable-folders.ts'
import { wordList } from '../../tool-reach.ts'

export default defineCheck({
  id: 'exec.safe-bin-folders-trusted',
  title: 'programs that run unasked come from folders an agent cannot write',
  severity: 'medium',
  why: 'a program of the right name put into such a folder runs without anybody being asked',
  source: 'OpenClaw docs, gateway/security/audit-checks (tools.exec.safe_bin_trusted_dirs_risky)',
  covers: ['tools.exec.safe_bin_trusted_dirs_risky'],
  ...settingsJudge((config) =>
    scopesOf(config).flatMap(({ tools }) => {
      const at = [...tools, 'exec', 'safeBinTrustedDirs']
      const folders = wordList(config, at) ?? []
      const bad = folders.filter(isMutableFolder)
      return bad.length === 0 ? [] : [{ at, saw: bad.join(', '), want: 'folders only root writes, such as /usr/bin', to: folders.filter((folder) => !bad.includes(folder)) }]
    }),
  ),
  examples: {
    pass: { system: { config: { tools: { exec: { safeBinTrustedDirs: ['/usr/bin', '/opt/tools/bin'] } } } } },
    fail: {
      temporary: { config: { tools: { exec: { safeBinTrustedDirs: ['/usr/bin', '/tmp/bin'] } } } },
      'of a package manager': { config: { agents: { entries: { a: { tools: { exec: { safeBinTrustedDirs: ['/opt/homebrew/bin'] } } } } } } },
      relative: { config: { tools: { exec: { safeBinTrustedDirs: ['bin'] } } } },
    },
  },
})
