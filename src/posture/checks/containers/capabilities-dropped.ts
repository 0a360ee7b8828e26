import { composeCheck, textsIn } from '../../compose-services.ts'

export default composeCheck({
  id: 'containers.capabilities-dropped',
  title: 'the container of OpenClaw has no capabilities',
  severity: 'medium',
  why: 'raw packets, changing owners and binding low ports are of no use to an agent and of much to who took it over',
  source: 'OpenClaw production guide: drop capabilities; capabilities(7)',
  of: 'OpenClaw',
  wrong: ({ cap_drop: dropped, cap_add: added }) => (textsIn(added).length > 0 ? `cap_add: ${textsIn(added).join(', ')}` : textsIn(dropped).some((name) => name.toUpperCase() === 'ALL') ? null : 'cap_drop is not ALL'),
  want: 'cap_drop: [ALL], no cap_add',
  mended: ({ cap_add: added }) => ({ cap_drop: ['ALL'], ...(added === undefined ? {} : { cap_add: undefined }) }),
  good: ['cap_drop:', '  - ALL'],
  bad: { default: ['restart: always'], added: ['cap_drop: [ALL]', 'cap_add: [SYS_ADMIN]'] },
})
