import { sshdCheck } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.no-gateway-ports',
  title: 'forwarded ports are not opened to the network',
  severity: 'medium',
  why: 'a remote forward would listen on every address, so a private service becomes a public one',
  source: 'sshd_config(5)',
  keyword: 'GatewayPorts',
  good: (value) => value === 'no',
  want: 'no',
  to: 'no',
  bad: 'yes',
  risk: 'restart',
})
