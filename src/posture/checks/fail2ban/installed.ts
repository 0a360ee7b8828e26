import { defineCheck } from '../../check.ts'
import { command } from '../../command-change.ts'
import { examplePeople } from '../../example-people.ts'
import { fail2banOn, noLog } from '../../example-fail2ban.ts'
import { readJournal } from '../../facts/fail2ban.ts'
import { installUnit } from '../../unit-plan.ts'

const sshd = { ...examplePeople, '/etc/ssh/sshd_config': 'UsePAM yes\n' }

export default defineCheck({
  id: 'fail2ban.installed',
  title: 'addresses that guess passwords are banned',
  severity: 'medium',
  why: 'a bot tries thousands of names an hour for as long as nobody stops it, and fills the log others need',
  source: 'OpenClaw hardening checklist: Fail2Ban installed and configured',
  needs: ['fail2ban', 'sshd'],
  judge: ({ fail2ban: { installed, enabled, instead } }) => ((installed && enabled) || instead !== null ? [] : [{ at: 'fail2ban.service', saw: installed ? 'installed, does not start with the machine' : 'not installed', want: 'running' }]),
  fix: {
    risk: 'safe',
    part: 'fail2ban',
    plan({ fail2ban }) {
      const { installed, enabled, instead } = fail2ban
      if (instead !== null || (installed && enabled)) return []
      // First: it would not start.
      return [...readJournal(fail2ban), ...(installed ? [command(['systemctl', 'enable', '--now', 'fail2ban.service'], ['systemctl', 'disable', '--now', 'fail2ban.service'], 'starts Fail2Ban now and with the machine')] : installUnit('fail2ban', 'fail2ban.service'))]
    },
  },
  examples: {
    pass: { on: { files: { ...sshd, ...fail2banOn } }, crowdsec: { files: { ...sshd, '/etc/systemd/system/multi-user.target.wants/crowdsec.service': '' } } },
    fail: { missing: { files: sshd, fixedFiles: fail2banOn }, 'no log but the journal': { files: { ...sshd, ...noLog }, fixedFiles: fail2banOn }, stopped: { files: { ...sshd, '/usr/bin/fail2ban-server': '' }, fixedFiles: fail2banOn } },
  },
})
