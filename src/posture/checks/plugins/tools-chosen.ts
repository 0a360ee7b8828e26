import { scopeName, scopesOf, toolSetting } from '../../agent-scopes.ts'
import { defineCheck } from '../../check.ts'
import type { Facts } from '../../facts.ts'
import { loadedPlugins } from '../../installed-plugins.ts'
import { nameOf, settingChanges } from '../../setting-change.ts'
import { reachesAnything } from '../../tool-reach.ts'

export default defineCheck({
  id: 'plugins.tools-chosen',
  title: 'agents reach the tools of plugins only where somebody chose so',
  severity: 'medium',
  why: 'a plugin brings tools of its own, and its next version others: without a profile every agent has them at once',
  source: 'OpenClaw docs, gateway/security/audit-checks (plugins.tools_reachable_permissive_policy)',
  covers: ['plugins.tools_reachable_permissive_policy'],
  needs: ['config', 'pluginsInstalled'],
  judge: (facts) => {
    const names = loadedPlugins(facts.config, facts.pluginsInstalled).map(({ id }) => id)
    return wide(facts).map(({ at, who }) => ({ at: nameOf(at), saw: `tools of ${names.join(', ')} for ${who}`, want: 'a profile, or an allow list' }))
  },
  fix: { risk: 'restart', part: 'gateway', plan: (facts) => settingChanges(facts.config, wide(facts).map(({ at }) => ({ at, to: 'messaging' }))) },
  examples: {
    pass: {
      'no plugins': { config: {} },
      'a profile': { config: { tools: { profile: 'coding' } }, files: { '$STATE/extensions/notes/package.json': '{}' } },
      'switched off': { config: { plugins: { deny: ['notes'] } }, files: { '$STATE/extensions/notes/package.json': '{}' } },
    },
    fail: { everything: { config: {}, files: { '$STATE/extensions/notes/package.json': '{}' } } },
  },
})

function wide({ config, pluginsInstalled }: Pick<Facts, 'config' | 'pluginsInstalled'>): { at: readonly string[]; who: string }[] {
  if (loadedPlugins(config, pluginsInstalled).length === 0) return []
  const found = scopesOf(config).filter((scope) => reachesAnything(config, scope)).map((scope) => ({ at: toolSetting(config, scope, 'profile').at, who: scopeName(scope) }))
  return [...new Map(found.map((one) => [one.at.join('\n'), one])).values()]
}
