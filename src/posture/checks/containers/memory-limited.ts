import { composeCheck } from '../../compose-services.ts'

export default composeCheck({
  id: 'containers.memory-limited',
  title: 'the memory of the container is limited',
  severity: 'low',
  why: 'an agent in a loop takes every other service of the machine down',
  source: 'OpenClaw production guide: resource limits, typical 4 GB',
  of: 'OpenClaw',
  wrong: ({ mem_limit: limit, deploy }) => (limit !== undefined || memoryOf(deploy) !== undefined ? null : 'no limit'),
  want: 'mem_limit, such as 4g',
  mended: () => ({ mem_limit: '4g' }),
  good: ['deploy:', '  resources:', '    limits:', '      memory: 4G'],
  bad: { default: ['restart: always'] },
})

function memoryOf(deploy: unknown): unknown {
  return (deploy as { resources?: { limits?: { memory?: unknown } } } | undefined)?.resources?.limits?.memory
}
