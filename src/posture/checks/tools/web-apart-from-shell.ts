import { scopeName, scopesOf } from '../../agent-scopes.ts'
import { settingsJudge, withEntries } from '../../bad-settings.ts'
import { wordList } from '../../tool-reach.ts'
import { execPolicy } from '../../exec-policy.ts'
import { defineCheck } from '../../check.ts'
import { flagAt } from '../../config-values.ts'
import { sandboxMode } from '../../sandbox-mode.ts'
import { reaches } from '../../tool-reach.ts'

const switches = { web_fetch: 'tools.web.fetch.enabled', web_search: 'tools.web.search.enabled', browser: 'browser.enabled' }

export default defineCheck({
  id: 'tools.web-apart-from-shell',
  title: 'an agent that reads the web has no shell of the host without approval',
  severity: 'medium',
  why: 'a page that is read can carry orders; with an unattended shell of the host beside it they are carried out at once',
  source: 'OpenClaw docs, gateway/security/prompt-injection (keep web tools off tool-enabled agents unless inputs are controlled)',
  ...settingsJudge((config) =>
    scopesOf(config).flatMap((scope) => {
      const web = reaches(config, scope, Object.keys(switches)).filter((tool) => flagAt(config, switches[tool as keyof typeof switches]) !== false)
      const { security, ask } = execPolicy(config, scope)
      const contained = sandboxMode(config, scope).mode !== 'off' || security !== 'full' || ask !== 'off'
      if (web.length === 0 || contained || reaches(config, scope, ['exec']).length === 0) return []
      const at = [...scope.tools, 'deny']
      return [
        {
          at,
          saw: `${web.join(', ')} beside an unattended shell for ${scopeName(scope)}`,
          want: 'web tools denied, or shell commands approved or sandboxed',
          to: withEntries(wordList(config, at), web.length > 1 ? ['group:web', 'browser'] : web),
        },
      ]
    }),
  ),
  examples: {
    pass: {
      'no shell': { config: { tools: { deny: ['exec'] } } },
      'a shell that asks': { config: { tools: { exec: { security: 'allowlist', ask: 'on-miss' } } } },
      'no web': { config: { tools: { deny: ['group:web', 'browser'] } } },
    },
    fail: {
      'by default': { config: {} },
      'one agent': { config: { tools: { exec: { mode: 'deny' } }, agents: { list: [{ id: 'a', tools: { exec: { mode: 'full' } } }] } } },
    },
  },
})
