import { composeCheck, textsIn, without } from '../../compose-services.ts'

const unconfined = /^(seccomp|apparmor)[:=]unconfined$|^label[:=]disable$/

export default composeCheck({
  id: 'containers.profiles-kept',
  title: 'the engine confines the container',
  severity: 'high',
  why: 'seccomp and AppArmor keep hundreds of calls of the kernel from whatever runs inside',
  source: 'Docker docs, Seccomp security profiles, AppArmor security profiles',
  of: 'every service',
  wrong: ({ security_opt: options }) => textsIn(options).find((option) => unconfined.test(option)) ?? null,
  want: 'the profiles of the engine',
  mended: ({ security_opt: options }) => ({ security_opt: without(options, (option) => unconfined.test(option)) }),
  good: ['security_opt: [no-new-privileges:true]'],
  bad: { seccomp: ['security_opt:', '  - seccomp:unconfined', '  - no-new-privileges:true'], apparmor: ['security_opt: [apparmor=unconfined]'] },
})
