import { sshdCheck } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.no-tunnel-devices',
  title: 'tunnel devices over SSH are off',
  severity: 'medium',
  why: 'a tunnel device joins two networks behind the back of the firewall',
  source: 'sshd_config(5)',
  keyword: 'PermitTunnel',
  good: (value) => value === 'no',
  want: 'no',
  to: 'no',
  bad: 'yes',
  risk: 'restart',
})
