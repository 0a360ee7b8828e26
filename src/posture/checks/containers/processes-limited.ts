import { composeCheck } from '../../compose-services.ts'

export default composeCheck({
  id: 'containers.processes-limited',
  title: 'the processes of the container are limited',
  severity: 'low',
  why: 'one fork bomb in a tool call stops the machine',
  source: 'OpenClaw production guide: resource limits; OWASP Docker Security, rule 7',
  of: 'OpenClaw',
  wrong: ({ pids_limit: limit, deploy }) => ((typeof limit === 'number' && limit > 0) || pidsOf(deploy) !== undefined ? null : 'no limit'),
  want: 'pids_limit, such as 512',
  mended: () => ({ pids_limit: 512 }),
  good: ['pids_limit: 512'],
  bad: { default: ['restart: always'], endless: ['pids_limit: -1'] },
})

function pidsOf(deploy: unknown): unknown {
  return (deploy as { resources?: { limits?: { pids?: unknown } } } | undefined)?.resources?.limits?.pids
}
