import { unitCheck } from '../../unit-settings.ts'

export default unitCheck({
  id: 'runtime.processes-limited',
  title: 'the processes of the gateway are limited',
  severity: 'low',
  why: 'one fork bomb in a tool call ends every other service',
  source: 'OpenClaw security guides: resource limits; systemd.resource-control(5)',
  key: 'TasksMax',
  good: (value) => value !== 'infinity',
  want: 'a number',
  to: '512',
  bad: 'infinity',
})
