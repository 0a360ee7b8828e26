import { sysctlCheck } from '../../kernel-settings.ts'

export default sysctlCheck({
  id: 'kernel.links-protected',
  title: 'links in shared folders are followed with care',
  severity: 'medium',
  why: 'a link in /tmp makes a program with more rights write somewhere else',
  source: 'docs.kernel.org, admin-guide/sysctl/fs',
  keys: ['fs.protected_hardlinks', 'fs.protected_symlinks'],
  good: (value) => value >= 1,
  want: '1',
  to: '1',
  otherwise: '1',
  bad: '0',
})
