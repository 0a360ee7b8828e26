import { offersWeak, weakCiphers } from '../../ssh-algorithms.ts'
import { sshdCheck } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.no-weak-ciphers',
  title: 'no broken cipher is offered',
  severity: 'medium',
  why: 'CBC modes and RC4 leak plain text (CVE-2008-5161)',
  source: 'CVE-2008-5161; CIS Debian Linux 12 Benchmark, 5.1',
  keyword: 'Ciphers',
  good: (value) => !offersWeak(value, weakCiphers),
  want: 'no CBC, 3DES, RC4, Blowfish or CAST',
  to: 'chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes192-ctr,aes128-ctr',
  bad: 'aes128-cbc,aes256-ctr',
  risk: 'lockout',
})
