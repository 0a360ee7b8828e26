import { sysctlCheck } from '../../kernel-settings.ts'

export default sysctlCheck({
  id: 'kernel.no-privileged-dumps',
  title: 'programs with more rights leave no core',
  severity: 'low',
  why: 'a core holds the keys that were in memory, readable where it falls',
  source: 'docs.kernel.org, admin-guide/sysctl/fs',
  keys: ['fs.suid_dumpable'],
  good: (value) => value !== 1,
  want: '0 or 2',
  to: '0',
  otherwise: '0',
  bad: '1',
})
