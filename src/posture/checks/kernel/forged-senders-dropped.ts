import { sysctlCheck } from '../../kernel-settings.ts'

export default sysctlCheck({
  id: 'kernel.forged-senders-dropped',
  title: 'packets with a forged sender are dropped',
  severity: 'low',
  why: 'an address list of a firewall is worth nothing if the sender can be made up',
  source: 'docs.kernel.org, networking/ip-sysctl; CIS Debian Linux 12 Benchmark, 3.3',
  // ip-sysctl: the larger of the two counts for an interface; systemd sets the second one.
  keys: ['net.ipv4.conf.all.rp_filter', 'net.ipv4.conf.default.rp_filter'],
  anyIsEnough: true,
  good: (value) => value >= 1,
  want: '1 or 2',
  to: '2',
  otherwise: '2',
  bad: '0',
})
