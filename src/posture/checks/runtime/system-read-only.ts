import { unitCheck } from '../../unit-settings.ts'

export default unitCheck({
  id: 'runtime.system-read-only',
  title: 'the gateway cannot write the system',
  severity: 'medium',
  why: 'an agent cannot leave anything in /usr, /boot or /etc that runs later as somebody else',
  source: 'OpenClaw production guide, step 4; systemd.exec(5)',
  key: 'ProtectSystem',
  good: (value) => ['full', 'strict'].includes(value),
  want: 'full or strict',
  to: 'full',
  bad: 'no',
})
