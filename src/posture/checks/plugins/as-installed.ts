import { defineCheck } from '../../check.ts'
import type { InstallRecord } from '../../facts/plugins-installed.ts'
import { recordId, updated } from '../../installed-plugins.ts'

export default defineCheck({
  id: 'plugins.as-installed',
  title: 'plugins lie there in the version that was installed',
  severity: 'medium',
  why: 'what lies there is not what was looked at: somebody, or something, exchanged it without OpenClaw',
  source: 'OpenClaw docs, gateway/security/audit-checks (plugins.installs_version_drift, hooks.installs_version_drift)',
  covers: ['plugins.installs_version_drift', 'hooks.installs_version_drift'],
  needs: ['pluginsInstalled'],
  judge: ({ pluginsInstalled: { records } }) =>
    drifted(records).map((record) => ({ at: `${record.where} ${record.id}`, saw: `${record.installedVersion} on the disk`, want: record.resolvedVersion!, covers: [recordId(record, 'version_drift')] })),
  fix: { risk: 'restart', part: 'gateway', plan: ({ pluginsInstalled: { records } }) => drifted(records).map(updated) },
  examples: {
    pass: { same: { config: { plugins: { installs: { a: { source: 'npm', resolvedVersion: '1.0.0' } } } }, files: { '$STATE/extensions/a/package.json': '{"version":"1.0.0"}' } }, none: { config: {} } },
    fail: {
      other: {
        config: { plugins: { installs: { a: { source: 'npm', version: '1.0.0', installPath: '~/.openclaw/extensions/a' } } } },
        files: { '$STATE/extensions/a/package.json': '{"version":"1.0.1"}' },
        fixedFiles: { '$STATE/extensions/a/package.json': '{"version":"1.0.0"}' },
      },
    },
  },
})

function drifted(records: readonly InstallRecord[]): InstallRecord[] {
  return records.filter(({ installedVersion, resolvedVersion }) => installedVersion !== null && resolvedVersion !== null && installedVersion !== resolvedVersion)
}
