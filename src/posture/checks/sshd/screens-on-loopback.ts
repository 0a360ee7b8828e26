import { sshdCheck } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.screens-on-loopback',
  title: 'forwarded screens listen on loopback only',
  severity: 'low',
  why: 'on every address a forwarded screen takes keys and clicks from the network',
  source: 'sshd_config(5)',
  keyword: 'X11UseLocalhost',
  good: (value) => value === 'yes',
  want: 'yes',
  to: 'yes',
  bad: 'no',
  risk: 'restart',
})
