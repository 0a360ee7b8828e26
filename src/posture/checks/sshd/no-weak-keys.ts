import { defineCheck } from '../../check.ts'
import { examplePeople } from '../../example-people.ts'
import { answeredByAll, withoutLines } from '../../login-keys.ts'
import type { AuthorizedKey } from '../../../host/index.ts'

// NIST SP 800-131A: RSA below 2048 bits is disallowed; DSA is gone from OpenSSH 10.
const leastRsaBits = 2048
const isWeak = ({ type, bits }: AuthorizedKey): boolean => type === 'ssh-dss' || (type === 'ssh-rsa' && bits !== null && bits < leastRsaBits)
const sshd = { '/etc/ssh/sshd_config': 'UsePAM yes\n' }
// An RSA public key of 1024 bits, all ones but the exponent: length is all that counts here.
const shortKey = Buffer.concat([Buffer.from('\0\0\0\x07ssh-rsa\0\0\0\x03\x01\0\x01\0\0\0\x80', 'latin1'), Buffer.alloc(128, 0xff)]).toString('base64')

export default defineCheck({
  id: 'sshd.no-weak-keys',
  title: 'no login key is short or of a retired kind',
  severity: 'medium',
  why: 'a key of 1024 bits can be computed from its public half by those who can pay',
  source: 'NIST SP 800-131A; OpenSSH 10.0 release notes (DSA removed)',
  needs: ['authorizedKeys'],
  judge: ({ authorizedKeys }) => answeredByAll(authorizedKeys, authorizedKeys.files.flatMap(({ path, keys }) => keys.filter(isWeak).map(({ line, type, bits }) => ({ at: `${path}:${line}`, saw: `${type}${bits === null ? '' : ` of ${bits} bits`}`, want: 'ed25519, or RSA of 3072 bits' })))),
  fix: {
    risk: 'lockout',
    part: 'ssh',
    // The last key of somebody is left to him: taking it away would lock him out.
    plan: ({ authorizedKeys }) => authorizedKeys.files.filter(({ keys }) => keys.some(isWeak) && keys.some((key) => !isWeak(key) && key.opensShell)).map((file) => withoutLines(file, file.keys.filter(isWeak).map(({ line }) => line))),
  },
  examples: {
    pass: { ed25519: { files: { ...sshd, ...examplePeople } } },
    fail: { short: { files: { ...sshd, ...examplePeople, '~/.ssh/authorized_keys': `${examplePeople['~/.ssh/authorized_keys']}ssh-rsa ${shortKey} old\n` } } },
  },
})
