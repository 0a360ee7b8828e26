import { defineCheck } from '../../check.ts'
import { command } from '../../command-change.ts'
import { exampleService } from '../../example-openclaw.ts'
import { groupsOf, isPersons, openClawUsers } from '../../openclaw-account.ts'

// Each is root by another name: sudo asks at most for a password, docker and lxd mount the disk, disk and shadow read it.
const powerful = ['sudo', 'wheel', 'admin', 'docker', 'lxd', 'libvirt', 'disk', 'shadow', 'root', 'kvm']

export default defineCheck({
  id: 'accounts.openclaw-without-powers',
  title: 'the account of OpenClaw is in no group that is as good as root',
  severity: 'high',
  why: 'an agent with a shell has whatever its account has; membership in docker is root without a password',
  source: 'Docker docs, Linux post-installation steps (root-level privileges of the docker group); OpenClaw security guide: dedicated non-admin user',
  needs: ['accounts', 'runtime', 'remoteAccess'],
  applies: ({ accounts, runtime }) => openClawUsers(accounts, runtime).length > 0,
  judge: ({ accounts, runtime }) => openClawUsers(accounts, runtime).flatMap((user) => groupsOf(accounts, user).filter((group) => powerful.includes(group)).map((group) => ({ at: `account ${user.name}`, saw: `member of ${group}`, want: 'an account of its own without such groups' }))),
  fix: {
    risk: 'restart',
    part: 'files',
    // Somebody's own account keeps its groups: OpenClaw has to move out of it instead.
    plan: ({ accounts, runtime, remoteAccess }) => openClawUsers(accounts, runtime).filter((user) => !isPersons(user, remoteAccess)).flatMap((user) =>
      accounts.groups.filter(({ name, members }) => powerful.includes(name) && members.includes(user.name)).map(({ name }) => command(['gpasswd', '-d', user.name, name], ['gpasswd', '-a', user.name, name], `takes ${user.name} out of ${name}`))),
  },
  examples: {
    pass: { none: { files: exampleService } },
    fail: { docker: { files: { ...exampleService, '/etc/group': 'root:x:0:\ndocker:x:990:openclaw\nopenclaw:x:998:\n' }, fixedFiles: { '/etc/group': 'root:x:0:\ndocker:x:990:\nopenclaw:x:998:\n' } } },
  },
})
