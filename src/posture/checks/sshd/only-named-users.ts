import { defineCheck } from '../../check.ts'
import { examplePeople } from '../../example-people.ts'
import { setSshd, effective } from '../../sshd-settings.ts'
import type { Facts } from '../../facts.ts'

const keywords = ['AllowUsers', 'AllowGroups']

export default defineCheck({
  id: 'sshd.only-named-users',
  title: 'only accounts that are named may log in over SSH',
  severity: 'low',
  why: 'an account made by a package, or by an intruder, is a way in as soon as it has a password or a key',
  source: 'OpenClaw hardening checklist: limit SSH access by user (AllowUsers); sshd_config(5)',
  needs: ['sshd', 'remoteAccess'],
  judge: ({ sshd }) => (keywords.some((keyword) => effective(sshd, keyword) !== '') ? [] : [{ at: '/etc/ssh/sshd_config', saw: 'neither AllowUsers nor AllowGroups', want: 'AllowUsers with the people who log in' }]),
  fix: {
    risk: 'lockout',
    part: 'ssh',
    plan({ sshd, remoteAccess }) {
      const names = people(remoteAccess)
      return names.length === 0 || keywords.some((keyword) => effective(sshd, keyword) !== '') ? [] : setSshd(sshd, 'AllowUsers', names.join(' '))
    },
  },
  examples: {
    pass: {
      users: { files: { ...examplePeople, '/etc/ssh/sshd_config': 'AllowUsers claw\n' } },
      groups: { files: { ...examplePeople, '/etc/ssh/sshd_config': 'Include sshd_config.d/*.conf\n', '/etc/ssh/sshd_config.d/a.conf': 'allowgroups "ssh users"\n' } },
    },
    fail: {
      nobody: { files: { ...examplePeople, '/etc/ssh/sshd_config': 'Include /etc/ssh/sshd_config.d/*.conf\n' }, env: { SUDO_USER: 'claw', USER: 'root' } },
      'only in a block': { files: { ...examplePeople, '/etc/ssh/sshd_config': 'Match Address 10.0.0.0/8\n  AllowUsers claw\n' }, env: { USER: 'claw' } },
    },
  },
})

/** Whoever is here now and whoever holds a key: leaving one of them out would lock him out. */
function people({ users, keyHolders }: Facts['remoteAccess']): readonly string[] {
  return users.length === 0 ? [] : [...new Set([...users, ...keyHolders])].sort()
}
