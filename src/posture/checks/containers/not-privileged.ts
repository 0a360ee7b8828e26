import { composeCheck } from '../../compose-services.ts'

export default composeCheck({
  id: 'containers.not-privileged',
  title: 'no container is privileged',
  severity: 'critical',
  why: 'a privileged container is root on the machine with one mount',
  source: 'OpenClaw production guide: container sandboxing; Docker docs, Engine security',
  of: 'every service',
  wrong: ({ privileged }) => (privileged === true ? 'privileged: true' : null),
  want: 'without privileged',
  mended: () => ({ privileged: undefined }),
  good: ['privileged: false'],
  bad: { privileged: ['privileged: true # for usb', 'restart: always'] },
})
