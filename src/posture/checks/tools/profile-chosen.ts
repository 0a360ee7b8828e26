import { scopeName, scopesOf, toolSetting } from '../../agent-scopes.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { manyPeople } from '../../channel-policies.ts'
import { defineCheck } from '../../check.ts'
import { reachesAnything, wordList } from '../../tool-reach.ts'

export default defineCheck({
  id: 'tools.profile-chosen',
  title: 'agents start from a tool profile or an allow list, not from every tool',
  severity: 'medium',
  why: 'without a profile every tool there is and every one a plugin brings later is reachable, so one injected sentence chooses freely',
  source: 'OpenClaw docs, gateway/security/hardened-baseline (tools.profile); hardening guide, tool profiles',
  ...settingsJudge((config) =>
    scopesOf(config)
      .filter((scope) => reachesAnything(config, scope))
      .map((scope) => {
        const { at, value } = toolSetting(config, scope, 'profile')
        const open = [[...scope.tools, 'alsoAllow'], ['tools', 'alsoAllow']].flatMap((list) => {
          const words = wordList(config, list) ?? []
          return words.includes('*') ? [{ at: list, to: words.filter((word) => word !== '*') }] : []
        })
        return {
          at,
          saw: typeof value === 'string' ? `${value}, which allows everything (${scopeName(scope)})` : `no profile (${scopeName(scope)})`,
          want: 'messaging, or another profile with the tools that are needed',
          to: 'messaging',
          also: open,
          ...(manyPeople(config).length > 0 && { severity: 'high' as const }),
        }
      }),
  ),
  examples: {
    pass: {
      messaging: { config: { tools: { profile: 'messaging' } } },
      'an allow list': { config: { tools: { allow: ['message', 'web_search'] } } },
      'agents with a profile of their own': { config: { tools: { profile: 'coding' }, agents: { entries: { chat: { tools: { profile: 'messaging' } } } } } },
    },
    fail: {
      nothing: { config: { tools: {} } },
      full: { config: { tools: { profile: 'full' } } },
      'full for one agent': { config: { tools: { profile: 'coding' }, agents: { list: [{ id: 'main' }, { id: 'ops', tools: { profile: 'full' } }] } } },
      'everything added': { config: { tools: { profile: 'coding', alsoAllow: ['*'] } } },
    },
  },
})
