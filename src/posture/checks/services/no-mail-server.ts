import { unwantedCheck } from '../../unwanted-services.ts'

export default unwantedCheck({
  id: 'services.no-mail-server',
  title: 'no mail server runs for the network',
  severity: 'info',
  why: 'exim and sendmail had root holes (CVE-2019-10149), and OpenClaw sends mail by its channels',
  source: 'CIS Debian Linux 12 Benchmark, 2.1.21 (mail transfer agents are configured for local-only mode)',
  units: ['sendmail.service', 'dovecot.service'],
})
