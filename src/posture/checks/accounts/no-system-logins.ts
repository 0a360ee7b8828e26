import { loginRefused } from '../../../host/index.ts'
import { defineCheck } from '../../check.ts'
import { command } from '../../command-change.ts'
import { exampleServer } from '../../example-network.ts'
import type { Facts } from '../../facts.ts'

// login.defs: SYS_UID_MAX. People begin at 1000.
const lastService = 999
const passwd = (shell: string): string => `${exampleServer['/etc/passwd']}git:x:120:120::/srv/git:${shell}\n`
const shadow = 'root:*:1::::::\ngit:$y$j9T$0:1::::::\n'

export default defineCheck({
  id: 'accounts.no-system-logins',
  title: 'no account of a service can log in',
  severity: 'medium',
  why: 'accounts of services get passwords and keys from tutorials, and nobody watches them',
  source: 'CIS Debian Linux 12 Benchmark, 5.4.2.7 (system accounts do not have a valid login shell)',
  needs: ['accounts', 'passwords', 'remoteAccess'],
  judge: (facts) => open(facts).map(({ name, shell }) => ({ at: `account ${name}`, saw: `${shell} with a password or key`, want: '/usr/sbin/nologin' })),
  fix: { risk: 'lockout', part: 'files', plan: (facts) => open(facts).filter(({ name }) => !facts.remoteAccess.users.includes(name)).map(({ name, shell }) => command(['usermod', '-s', '/usr/sbin/nologin', name], ['usermod', '-s', shell, name], `nobody logs in as ${name}`)) },
  examples: {
    pass: { 'a shell without a way in': { files: { ...exampleServer, '/etc/passwd': passwd('/bin/bash'), '/etc/shadow': 'git:!:1::::::\n' } } },
    fail: { password: { files: { ...exampleServer, '/etc/passwd': passwd('/bin/bash'), '/etc/shadow': shadow }, fixedFiles: { '/etc/passwd': passwd('/usr/sbin/nologin') } } },
  },
})

/** A shell alone lets nobody in: there has to be a password or a key as well. */
function open({ accounts, passwords, remoteAccess }: Pick<Facts, 'accounts' | 'passwords' | 'remoteAccess'>): Facts['accounts']['users'] {
  return accounts.users.filter(({ uid, name, shell }) => uid > 0 && uid <= lastService && !loginRefused(shell) && (passwords.kinds[name] === 'set' || remoteAccess.keyHolders.includes(name)))
}
