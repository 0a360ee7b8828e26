import { composeCheck, textsIn } from '../../compose-services.ts'

export default composeCheck({
  id: 'containers.read-only-root',
  title: 'the container of OpenClaw cannot change its own program',
  severity: 'info',
  why: 'what an agent writes into the image of the running container starts with it the next time',
  source: 'OpenClaw production guide: filesystem is read-only except workspace directory',
  of: 'OpenClaw',
  wrong: ({ read_only: readOnly }) => (readOnly === true ? null : 'read_only is not set'),
  want: 'read_only: true, with a tmpfs for /tmp',
  mended: ({ tmpfs }) => ({ read_only: true, tmpfs: [...(typeof tmpfs === 'string' ? [tmpfs] : textsIn(tmpfs)).filter((place) => !place.startsWith('/tmp')), '/tmp'] }),
  good: ['read_only: true', 'tmpfs: [/tmp]'],
  bad: { default: ['restart: always'], tmpfs: ['tmpfs: /run'] },
})
