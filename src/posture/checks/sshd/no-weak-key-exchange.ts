import { offersWeak, weakKeyExchanges } from '../../ssh-algorithms.ts'
import { sshdCheck } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.no-weak-key-exchange',
  title: 'no broken key exchange is offered',
  severity: 'medium',
  why: '1024-bit groups and SHA-1 are within reach of states (Logjam)',
  source: 'RFC 9142; CVE-2015-4000',
  keyword: 'KexAlgorithms',
  good: (value) => !offersWeak(value, weakKeyExchanges),
  want: 'no group1, no SHA-1',
  to: 'curve25519-sha256,curve25519-sha256@libssh.org,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512',
  bad: 'diffie-hellman-group1-sha1,curve25519-sha256',
  risk: 'lockout',
})
