import { sysctlCheck } from '../../kernel-settings.ts'

export default sysctlCheck({
  id: 'kernel.shared-files-protected',
  title: 'files of others in shared folders are not opened by mistake',
  severity: 'low',
  why: 'a pipe or file somebody else made in /tmp is taken for one\'s own',
  source: 'docs.kernel.org, admin-guide/sysctl/fs',
  keys: ['fs.protected_fifos', 'fs.protected_regular'],
  good: (value) => value >= 1,
  want: '1 or 2',
  to: '2',
  otherwise: '1',
  bad: '0',
})
