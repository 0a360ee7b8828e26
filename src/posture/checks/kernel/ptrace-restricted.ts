import { sysctlCheck } from '../../kernel-settings.ts'

export default sysctlCheck({
  id: 'kernel.ptrace-restricted',
  title: 'a process cannot read the memory of its siblings',
  severity: 'medium',
  why: 'without it whatever an agent runs reads keys out of the gateway that runs as the same user',
  source: 'docs.kernel.org, admin-guide/LSM/Yama; field: an agent reads the token of its gateway',
  keys: ['kernel.yama.ptrace_scope'],
  good: (value) => value >= 1,
  want: '1 or more',
  to: '1',
  otherwise: '1',
  bad: '0',
})
