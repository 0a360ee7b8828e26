import { loginRefused } from '../../../host/index.ts'
import { defineCheck } from '../../check.ts'
import { command } from '../../command-change.ts'
import { exampleService } from '../../example-openclaw.ts'
import { isPersons, openClawUsers } from '../../openclaw-account.ts'

const nologin = '/usr/sbin/nologin'
const withShell = exampleService['/etc/passwd'].replace(`/var/lib/openclaw:${nologin}`, '/var/lib/openclaw:/bin/bash')

export default defineCheck({
  id: 'accounts.openclaw-no-login',
  title: 'nobody can log in as the account of OpenClaw',
  severity: 'low',
  why: 'a key an agent writes into its own authorized_keys is a way in from outside that outlives the agent',
  source: 'OpenClaw production guide, step 4: useradd with /usr/sbin/nologin',
  needs: ['accounts', 'runtime', 'remoteAccess'],
  applies: ({ accounts, runtime }) => openClawUsers(accounts, runtime).length > 0,
  judge: ({ accounts, runtime }) => openClawUsers(accounts, runtime).filter(({ shell }) => !loginRefused(shell)).map(({ name, shell }) => ({ at: `account ${name}`, saw: shell, want: `${nologin}, on an account nobody else uses` })),
  fix: {
    risk: 'safe',
    part: 'files',
    plan: ({ accounts, runtime, remoteAccess }) => openClawUsers(accounts, runtime).filter((user) => !loginRefused(user.shell) && !isPersons(user, remoteAccess)).map(({ name, shell }) => command(['usermod', '-s', nologin, name], ['usermod', '-s', shell, name], `nobody logs in as ${name}`)),
  },
  examples: {
    pass: { nologin: { files: exampleService } },
    fail: { bash: { files: { ...exampleService, '/etc/passwd': withShell }, fixedFiles: { '/etc/passwd': exampleService['/etc/passwd'] } } },
  },
})
