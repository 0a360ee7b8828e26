import { composeCheck } from '../../compose-services.ts'

export default composeCheck({
  id: 'containers.non-root',
  title: 'the container of OpenClaw does not run as root',
  severity: 'high',
  why: 'root in a container is root on the machine after the next hole in the kernel or the engine',
  source: 'OpenClaw production guide: container uses non-root user; OpenClaw docs, install/docker (uid 1000)',
  of: 'OpenClaw',
  wrong: ({ user }) => (user !== undefined && /^(root|0)(:|$)/.test(String(user)) ? `user: ${String(user)}` : null),
  want: 'the user of the image (1000), or another',
  mended: () => ({ user: '1000:1000' }),
  good: ["user: '1000:1000'"],
  bad: { name: ['user: root'], number: ['user: "0:0"'], plain: ['user: 0'] },
})
