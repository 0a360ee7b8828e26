import { unitCheck } from '../../unit-settings.ts'

export default unitCheck({
  id: 'runtime.memory-limited',
  title: 'the memory of the gateway is limited',
  severity: 'low',
  why: 'an agent in a loop takes the machine down with it, SSH and guard included',
  source: 'OpenClaw security guides: resource limits; systemd.resource-control(5)',
  key: 'MemoryMax',
  good: (value) => value !== 'infinity',
  want: 'a limit, such as 4G',
  to: '4G',
  bad: 'infinity',
})
