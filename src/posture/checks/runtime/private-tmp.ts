import { isYes, unitCheck } from '../../unit-settings.ts'

export default unitCheck({
  id: 'runtime.private-tmp',
  title: 'the gateway has a /tmp of its own',
  severity: 'low',
  why: 'files other programs leave in /tmp, and theirs, are not swapped under anybody',
  source: 'OpenClaw production guide, step 4; systemd.exec(5)',
  key: 'PrivateTmp',
  good: (value) => isYes(value) || value === 'disconnected',
  want: 'yes',
  to: 'yes',
  bad: 'no',
})
