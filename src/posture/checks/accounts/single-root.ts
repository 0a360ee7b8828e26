import { loginRefused } from '../../../host/index.ts'
import { defineCheck } from '../../check.ts'
import { command } from '../../command-change.ts'
import { examplePeople } from '../../example-people.ts'
import type { Facts } from '../../facts.ts'

const second = 'toor:x:0:0::/root:'

export default defineCheck({
  id: 'accounts.single-root',
  title: 'only root has the user id 0',
  severity: 'critical',
  why: 'a second name for root is what an intruder leaves behind to come back',
  source: 'CIS Debian Linux 12 Benchmark, 5.4.2.1 (root is the only UID 0 account)',
  needs: ['accounts'],
  judge: ({ accounts }) => others(accounts).map(({ name, shell }) => ({ at: `/etc/passwd: ${name}`, saw: `user id 0 with ${shell}`, want: 'no such account' })),
  fix: { risk: 'lockout', part: 'files', plan: ({ accounts }) => others(accounts).map(({ name, shell }) => command(['usermod', '-s', '/usr/sbin/nologin', name], ['usermod', '-s', shell, name], `nobody logs in as ${name}`)) },
  examples: {
    pass: { one: { files: examplePeople } },
    fail: { two: { files: { ...examplePeople, '/etc/passwd': `${examplePeople['/etc/passwd']}${second}/bin/bash\n` }, fixedFiles: { '/etc/passwd': `${examplePeople['/etc/passwd']}${second}/usr/sbin/nologin\n` } } },
  },
})

function others({ users }: Facts['accounts']): Facts['accounts']['users'] {
  return users.filter(({ uid, name, shell }) => uid === 0 && name !== 'root' && !loginRefused(shell))
}
