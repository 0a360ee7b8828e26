import { settingsJudge } from '../../bad-settings.ts'
import { textAt, wordsAt } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'
import { isTemporaryFolder } from '../../mutable-folders.ts'

export default defineCheck({
  id: 'plugins.paths-trusted',
  title: 'plugins are not loaded from folders an agent can write',
  severity: 'critical',
  why: 'a plugin runs in the gateway itself: a file in the workspace or in /tmp that is loaded is the gateway, at its next start',
  source: 'OpenClaw docs, plugins (plugins.load.paths); guides, plugin allowlist',
  ...settingsJudge((config) => {
    const paths = wordsAt(config, 'plugins.load.paths')
    const ours = textAt(config, 'plugins.entries.hardshell.config.socket')?.replace(/\/run\/plugin\.sock$/, '/plugin')
    // The guard's own lies beside its socket, in folders of its own, wherever these are; without it nothing asks the guard.
    const bad = paths.filter((path) => path !== ours && (isTemporaryFolder(path) || /\/workspace(?:-[^/]+)?(?:\/|$)/.test(path)))
    return bad.length === 0 ? [] : [{ at: ['plugins', 'load', 'paths'], saw: bad.join(', '), want: 'folders only the operator writes', to: paths.filter((path) => !bad.includes(path)) }]
  }),
  examples: {
    pass: { own: { config: { plugins: { load: { paths: ['/opt/claw/plugins', '~/plugins/mine'] } } } }, none: { config: {} }, guard: { config: { plugins: { load: { paths: ['/tmp/try/plugin'] }, entries: { hardshell: { config: { socket: '/tmp/try/run/plugin.sock' } } } } } } },
    fail: {
      temporary: { config: { plugins: { load: { paths: ['/tmp/plugin', '/opt/claw'] } } } },
      workspace: { config: { plugins: { load: { paths: ['~/.openclaw/workspace/plugin'] } } } },
    },
  },
})
