import { sshdCheck, within } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.idle-count-limited',
  title: 'a silent connection is given up after a few questions',
  severity: 'low',
  why: 'an interval without a limit of unanswered questions never closes anything',
  source: 'OpenClaw hardening checklist: ClientAliveCountMax; sshd_config(5)',
  keyword: 'ClientAliveCountMax',
  good: (value) => within(1, 3)(value),
  want: '1 to 3',
  to: '3',
  bad: '10',
})
