import { defineCheck } from '../../check.ts'
import { command } from '../../command-change.ts'
import type { Facts } from '../../facts.ts'

// Any of these keeps the clock (systemd-timesyncd(8), chrony, ntpsec, OpenNTPD).
const keepers = ['systemd-timesyncd.service', 'chrony.service', 'chronyd.service', 'ntp.service', 'ntpd.service', 'ntpsec.service', 'openntpd.service']
const folder = { '/etc/systemd/system/multi-user.target.wants/cron.service': '' }

export default defineCheck({
  id: 'services.time-synced',
  title: 'the clock is kept right',
  severity: 'medium',
  why: 'with a wrong clock tokens expire early or never, certificates fail, and no two logs fit together',
  source: 'CIS Debian Linux 12 Benchmark, 2.3 (configure time synchronization)',
  needs: ['services'],
  // Without units at all this is a container, whose clock is its host's.
  applies: ({ services }) => services.enabled.length > 0,
  judge({ services }) {
    if (!isKept(services) && !services.whole) throw new Error('only some of the units are here, so nobody can tell what does not start')
    return isKept(services) ? [] : [{ at: '/etc/systemd/system', saw: 'nothing keeps the clock', want: 'systemd-timesyncd or chrony' }]
  },
  fix: { risk: 'safe', part: 'systemd', plan: ({ services }) => (isKept(services) ? [] : [command(['timedatectl', 'set-ntp', 'true'], ['timedatectl', 'set-ntp', 'false'], 'the clock follows time servers')]) },
  examples: {
    pass: { timesyncd: { files: { '/etc/systemd/system/sysinit.target.wants/systemd-timesyncd.service': '' } } },
    fail: { nobody: { files: folder, fixedFiles: { '/etc/systemd/system/sysinit.target.wants/systemd-timesyncd.service': '' } } },
  },
})

function isKept({ enabled }: Facts['services']): boolean {
  return keepers.some((unit) => enabled.includes(unit))
}
