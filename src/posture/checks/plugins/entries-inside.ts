import { defineCheck } from '../../check.ts'
import { loadedPlugins } from '../../installed-plugins.ts'
import { settingChanges } from '../../setting-change.ts'
import type { Facts } from '../../facts.ts'

export default defineCheck({
  id: 'plugins.entries-inside',
  title: 'plugins start from files of their own that can be looked at',
  severity: 'critical',
  why: 'an entry outside of its folder runs a file nobody installed; one in a hidden folder is passed over by every scan',
  source: 'OpenClaw docs, gateway/security/audit-checks (plugins.code_safety.entry_escape, entry_path, manifest_parse_error)',
  covers: ['plugins.code_safety.entry_escape', 'plugins.code_safety.entry_path', 'plugins.code_safety.manifest_parse_error'],
  needs: ['config', 'pluginsInstalled'],
  judge: (facts) => odd(facts).map(({ id: _id, ...flaw }) => flaw),
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan: (facts) => settingChanges(facts.config, [...new Set(odd(facts).map(({ id }) => id))].map((id) => ({ at: ['plugins', 'entries', id, 'enabled'], to: false }))),
  },
  examples: {
    pass: {
      inside: { config: {}, files: { '$STATE/extensions/notes/package.json': '{"openclaw":{"extensions":["./dist/index.js"]}}' } },
      'switched off': { config: { plugins: { entries: { notes: { enabled: false } } } }, files: { '$STATE/extensions/notes/package.json': '{"openclaw":{"extensions":["../x.js"]}}' } },
    },
    fail: {
      outside: { config: {}, files: { '$STATE/extensions/notes/package.json': '{"openclaw":{"extensions":["../../../x.js"]}}' } },
      hidden: { config: {}, files: { '$STATE/extensions/notes/package.json': '{"openclaw":{"extensions":["./.cache/x.js"]}}' } },
      'a broken manifest': { config: {}, files: { '$STATE/extensions/notes/openclaw.plugin.json': '{ not json' } },
    },
  },
})

function odd({ config, pluginsInstalled }: Pick<Facts, 'config' | 'pluginsInstalled'>) {
  return loadedPlugins(config, pluginsInstalled).flatMap(({ id, path, outside, hidden, broken }) => [
    ...outside.map((entry) => ({ id, at: path, saw: `starts ${entry}, outside of its folder`, want: 'entries below its folder', covers: ['plugins.code_safety.entry_escape'] })),
    ...hidden.map((entry) => ({ id, at: path, saw: `starts ${entry}, where nobody looks`, want: 'entries below dist or src', severity: 'medium' as const, covers: ['plugins.code_safety.entry_path'] })),
    ...(broken === null ? [] : [{ id, at: path, saw: broken, want: 'a manifest that can be read', severity: 'medium' as const, covers: ['plugins.code_safety.manifest_parse_error'] }]),
  ])
}
