import { fail2banOn } from '../../example-fail2ban.ts'
import { jailCheck } from '../../jail-check.ts'

export default jailCheck({
  id: 'fail2ban.watches-ssh',
  title: 'failed logins over SSH lead to a ban',
  severity: 'medium',
  why: 'without its jail Fail2Ban runs and bans nobody',
  source: 'OpenClaw hardening checklist: configure it to watch your SSH logs at minimum, and web-facing authentication',
  jail: 'sshd',
  where: 'sshd',
  files: { ...fail2banOn, '/etc/ssh/sshd_config': 'UsePAM yes\n' },
})
