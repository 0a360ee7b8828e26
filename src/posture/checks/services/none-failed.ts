import { defineCheck } from '../../check.ts'

const systemd = { '/run/systemd/system': { kind: 'folder' } } as const
const ask = 'systemctl list-units --failed --plain --no-legend --no-pager'

export default defineCheck({
  id: 'services.none-failed',
  title: 'no service has failed',
  severity: 'low',
  why: 'a firewall, an update or a backup that failed at the start protects nobody, and nothing says so',
  source: 'OpenClaw security guide, host checks: systemctl --failed',
  needs: ['failedUnits'],
  judge: ({ failedUnits }) => failedUnits.map((unit) => ({ at: unit, saw: 'failed', want: 'running, or disabled' })),
  manual: 'read why with journalctl -u UNIT, then mend it or run systemctl disable UNIT',
  examples: { pass: { none: { files: systemd, runs: { [ask]: '' } } }, fail: { nftables: { files: systemd, runs: { [ask]: 'nftables.service loaded failed failed nftables\n' } } } },
})
