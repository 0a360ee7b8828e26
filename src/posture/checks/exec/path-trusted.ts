import { scopesOf } from '../../agent-scopes.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { defineCheck } from '../../check.ts'
import { isTemporaryFolder } from '../../mutable-folders.ts'
import { wordList } from '../../tool-reach.ts'

export default defineCheck({
  id: 'exec.path-trusted',
  title: 'no temporary or relative folder stands first in the path of commands',
  severity: 'high',
  why: 'whoever can write there replaces ls, git or curl for every command that follows, approved ones included',
  source: 'OpenClaw docs, tools/exec (tools.exec.pathPrepend)',
  ...settingsJudge((config) =>
    scopesOf(config).flatMap(({ tools }) => {
      const at = [...tools, 'exec', 'pathPrepend']
      const folders = wordList(config, at) ?? []
      const bad = folders.filter(isTemporaryFolder)
      return bad.length === 0 ? [] : [{ at, saw: bad.join(', '), want: 'folders nobody else writes', to: folders.filter((folder) => !bad.includes(folder)) }]
    }),
  ),
  examples: {
    pass: { home: { config: { tools: { exec: { pathPrepend: ['~/bin', '/opt/oss/bin'] } } } } },
    fail: { temporary: { config: { tools: { exec: { pathPrepend: ['/tmp/tools'] } } } }, relative: { config: { tools: { exec: { pathPrepend: ['./node_modules/.bin', '/opt/x'] } } } } },
  },
})
