import { isYes, unitCheck } from '../../unit-settings.ts'

export default unitCheck({
  id: 'runtime.no-new-privileges',
  title: 'the gateway cannot gain rights',
  severity: 'medium',
  why: 'sudo and every other set-uid program is out of reach of an agent, whatever it finds',
  source: 'OpenClaw production guide, step 4; systemd.exec(5)',
  key: 'NoNewPrivileges',
  good: (value) => isYes(value),
  want: 'yes',
  to: 'yes',
  bad: 'no',
})
