import { defineCheck } from '../../check.ts'
import type { InstallRecord } from '../../facts/plugins-installed.ts'
import { recordId } from '../../installed-plugins.ts'
import { settingChanges } from '../../setting-change.ts'

// The rule of OpenClaw's own audit.
const exact = /.@v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/

export default defineCheck({
  id: 'plugins.pinned',
  title: 'plugins and packs of hooks are installed in an exact version',
  severity: 'medium',
  why: 'the next install takes whatever is newest: who takes over the package is in the gateway the same day',
  source: 'OpenClaw docs, gateway/security/audit-checks (plugins.installs_unpinned_npm_specs, hooks.installs_unpinned_npm_specs)',
  covers: ['plugins.installs_unpinned_npm_specs', 'hooks.installs_unpinned_npm_specs'],
  needs: ['config', 'pluginsInstalled'],
  judge: ({ pluginsInstalled: { records } }) =>
    unpinned(records).map((record) => ({ at: `${record.where} ${record.id}`, saw: record.spec!, want: 'name@1.2.3', covers: [recordId(record, 'unpinned_npm_specs')] })),
  fix: {
    risk: 'restart',
    part: 'gateway',
    // The version that is noted as fetched becomes the one that is asked for.
    plan: ({ config, pluginsInstalled: { records } }) =>
      settingChanges(
        config,
        unpinned(records).flatMap(({ at, spec, resolvedName, resolvedVersion }) =>
          at === null || resolvedVersion === null ? [] : [{ at: [...at, 'spec'], to: `${resolvedName ?? spec!.replace(/(?<=.)@.*$/, '')}@${resolvedVersion}` }],
        ),
      ),
  },
  examples: {
    pass: {
      pinned: { config: { plugins: { installs: { wecom: { source: 'npm', spec: '@scope/wecom@1.2.3' } } } } },
      'from a path': { config: { plugins: { installs: { mine: { source: 'path', spec: './mine' } } } } },
    },
    fail: {
      latest: { config: { plugins: { installs: { wecom: { source: 'npm', spec: '@scope/wecom@latest', resolvedName: '@scope/wecom', resolvedVersion: '1.2.3' } } } } },
      hooks: { config: { hooks: { internal: { installs: { pack: { source: 'npm', spec: 'pack', version: '2.0.0' } } } } } },
    },
  },
})

function unpinned(records: readonly InstallRecord[]): InstallRecord[] {
  return records.filter(({ spec }) => spec !== null && !exact.test(spec.trim()))
}
