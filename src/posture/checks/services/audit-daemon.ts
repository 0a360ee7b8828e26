import { defineCheck } from '../../check.ts'
import { installUnit } from '../../unit-plan.ts'

const unit = 'auditd.service'
const cron = { '/etc/systemd/system/multi-user.target.wants/cron.service': '' }

export default defineCheck({
  id: 'services.audit-daemon',
  title: 'the kernel writes down who changed what',
  severity: 'info',
  why: 'after an incident the shell history says what an intruder wanted you to read; the audit of the kernel does not ask him',
  source: 'CIS Debian Linux 12 Benchmark, 6.2 (auditd service is enabled and active)',
  needs: ['services'],
  applies: ({ services }) => services.enabled.length > 0,
  judge({ services }) {
    if (!services.enabled.includes(unit) && !services.whole) throw new Error('only some of the units are here, so nobody can tell what does not start')
    return services.enabled.includes(unit) ? [] : [{ at: unit, saw: 'not running', want: 'running' }]
  },
  fix: { risk: 'safe', part: 'systemd', plan: ({ services }) => (services.enabled.includes(unit) ? [] : installUnit('auditd', unit)) },
  examples: {
    pass: { on: { files: { '/etc/systemd/system/multi-user.target.wants/auditd.service': '' } } },
    fail: { off: { files: cron, fixedFiles: { '/etc/systemd/system/multi-user.target.wants/auditd.service': '' } } },
  },
})
