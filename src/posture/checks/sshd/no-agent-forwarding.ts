import { sshdCheck } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.no-agent-forwarding',
  title: 'agent forwarding is off',
  severity: 'low',
  why: 'whoever is root here can sign as you elsewhere while you are connected',
  source: 'sshd_config(5), ssh(1) on -A',
  keyword: 'AllowAgentForwarding',
  good: (value) => value === 'no',
  want: 'no',
  to: 'no',
  bad: 'yes',
  risk: 'restart',
})
