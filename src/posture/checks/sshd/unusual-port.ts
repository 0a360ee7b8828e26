import { defineCheck } from '../../check.ts'
import { effective } from '../../sshd-settings.ts'

export default defineCheck({
  id: 'sshd.unusual-port',
  title: 'the port of SSH is another than 22',
  severity: 'low',
  why: 'it stops nobody who means you, but nearly all bots, so that the log shows those who do',
  source: 'OpenClaw hardening checklist: SSH port changed from default',
  needs: ['sshd'],
  judge: ({ sshd }) => (effective(sshd, 'Port').split(' ').includes('22') ? [{ at: '/etc/ssh/sshd_config', saw: 'Port 22', want: 'a port between 20000 and 60000' }] : []),
  // A machine cannot see the firewall of the cloud in front of it, so a moved port could be one nobody reaches.
  manual: 'open the new port in every firewall first (the one of your provider too), set Port in /etc/ssh/sshd_config, run systemctl reload ssh, and log in a second time before you close this session',
  examples: {
    pass: { moved: { files: { '/etc/ssh/sshd_config': 'Port 22022\n' } } },
    fail: { default: { files: { '/etc/ssh/sshd_config': 'UseDNS no\n' } }, both: { files: { '/etc/ssh/sshd_config': 'Port 22022\nPort 22\n' } } },
  },
})
