import { channelSections } from '../../channel-policies.ts'
import { defineCheck } from '../../check.ts'
import { wordsAt } from '../../config-values.ts'

export default defineCheck({
  id: 'plugins.chosen',
  title: 'plugins that may load are named',
  severity: 'medium',
  why: 'without a list every folder that lands in extensions is loaded, with all the rights of the gateway',
  source: 'OpenClaw docs, gateway/security/audit-checks (plugins.extensions_no_allowlist)',
  covers: ['plugins.extensions_no_allowlist'],
  needs: ['config', 'pluginsInstalled'],
  judge: ({ config, pluginsInstalled: { plugins } }) =>
    plugins.length > 0 && wordsAt(config, 'plugins.allow').length === 0 ? [{ at: 'plugins.allow', ...(channelSections(config).length > 0 && { severity: 'high' as const }), saw: `no list, and ${plugins.map(({ id }) => id).join(', ')} installed`, want: 'ids of the plugins in use' }] : [],
  // The list switches off every plugin of OpenClaw's own that is not on it too: which are needed, a person knows.
  manual: "list what is in use with openclaw plugins list, then openclaw config set plugins.allow '[...]' --strict-json",
  examples: {
    pass: { none: { config: {} }, chosen: { config: { plugins: { allow: ['notes', 'telegram'] } }, files: { '$STATE/extensions/notes/package.json': '{}' } } },
    fail: { open: { config: {}, files: { '$STATE/extensions/notes/package.json': '{}' } } },
  },
})
