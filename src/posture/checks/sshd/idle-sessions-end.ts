import { sshdCheck, within } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.idle-sessions-end',
  title: 'dead connections are noticed and closed',
  severity: 'low',
  why: 'a session somebody forgot on another machine stays a way in',
  source: 'OpenClaw hardening checklist: set idle timeout; CIS Debian Linux 12 Benchmark, 5.1',
  keyword: 'ClientAliveInterval',
  good: (value) => within(1, 900)(value),
  want: '1 to 900 seconds',
  to: '300',
  bad: '0',
})
