import { defineCheck } from '../../check.ts'
import type { InstallRecord } from '../../facts/plugins-installed.ts'
import { recordId, updated } from '../../installed-plugins.ts'

export default defineCheck({
  id: 'plugins.digest-noted',
  title: 'it is noted what exactly was installed of each plugin',
  severity: 'low',
  why: 'without a digest nobody can tell a package that was exchanged from the one that was looked at',
  source: 'OpenClaw docs, gateway/security/audit-checks (plugins.installs_missing_integrity, hooks.installs_missing_integrity)',
  covers: ['plugins.installs_missing_integrity', 'hooks.installs_missing_integrity'],
  needs: ['pluginsInstalled'],
  judge: ({ pluginsInstalled: { records } }) => bare(records).map((record) => ({ at: `${record.where} ${record.id}`, saw: 'no integrity', want: 'a digest', covers: [recordId(record, 'missing_integrity')] })),
  fix: { risk: 'restart', part: 'gateway', plan: ({ pluginsInstalled: { records } }) => bare(records).map(updated) },
  examples: {
    pass: { noted: { config: { plugins: { installs: { a: { source: 'npm', spec: 'a@1.0.0', integrity: 'sha512-x' } } } } }, none: { config: {} } },
    fail: {
      bare: {
        config: { plugins: { installs: { a: { source: 'npm', spec: 'a@1.0.0' } } } },
        fixedFiles: { '$STATE/openclaw.json': '{"plugins":{"installs":{"a":{"source":"npm","spec":"a@1.0.0","integrity":"sha512-x"}}}}' },
      },
      'in the database': {
        files: { '$STATE/state/openclaw.sqlite': row('{}') },
        fixedFiles: { '$STATE/state/openclaw.sqlite': row('{"integrity":"sha512-x"}') },
      },
    },
  },
})

function bare(records: readonly InstallRecord[]): InstallRecord[] {
  return records.filter(({ integrity }) => integrity === null)
}

function row(more: string): string {
  const record = { source: 'npm', spec: 'a@1.0.0', ...(JSON.parse(more) as object) }
  return `create table config_machine_state (state_key text, value_json text); insert into config_machine_state values ('plugins.installedIndex', '${JSON.stringify({ index: { installRecords: { a: record } } })}');`
}
