import { offersWeak, weakMacs } from '../../ssh-algorithms.ts'
import { sshdCheck } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.no-weak-macs',
  title: 'no broken message authentication is offered',
  severity: 'medium',
  why: 'MD5 and cut-off tags can be forged with effort that is for sale',
  source: 'CIS Debian Linux 12 Benchmark, 5.1 Configure SSH Server; sshd_config(5)',
  keyword: 'MACs',
  good: (value) => !offersWeak(value, weakMacs),
  want: 'no MD5, RIPEMD or 96-bit tags',
  to: 'hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-512,hmac-sha2-256',
  bad: 'hmac-md5,hmac-sha2-256',
  risk: 'lockout',
})
