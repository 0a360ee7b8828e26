import { lineIn } from '../../change.ts'
import { defineCheck } from '../../check.ts'
import { fail2banOn } from '../../example-fail2ban.ts'
import { jailValue, ownJails } from '../../facts/fail2ban.ts'

const line = { section: 'sshd', key: 'enabled', separator: ' = ' } as const
const files = { ...fail2banOn, '/etc/ssh/sshd_config': 'UsePAM yes\n' }

export default defineCheck({
  id: 'fail2ban.watches-ssh',
  title: 'failed logins over SSH lead to a ban',
  severity: 'medium',
  why: 'without its jail Fail2Ban runs and bans nobody',
  source: 'OpenClaw hardening checklist: configure it to watch your SSH logs at minimum, and web-facing authentication',
  needs: ['fail2ban', 'sshd'],
  applies: ({ fail2ban }) => fail2ban.installed && fail2ban.instead === null,
  judge: ({ fail2ban }) => (isOn(jailValue(fail2ban, line.section, 'enabled')) ? [] : [{ at: `/etc/fail2ban: [${line.section}]`, saw: 'not enabled', want: 'enabled = true' }]),
  fix: {
    risk: 'safe',
    part: 'fail2ban',
    plan: ({ fail2ban }) => (isOn(jailValue(fail2ban, line.section, 'enabled')) ? [] : [{ kind: 'line', path: ownJails, ...line, from: lineIn(fail2ban.own, line), to: 'true' }]),
  },
  examples: {
    pass: { on: { files: { ...files, '/etc/fail2ban/jail.d/own.conf': '[sshd]\nenabled = true\n' } } },
    fail: { off: { files: { ...files, '/etc/fail2ban/jail.d/own.conf': '[sshd]\nenabled = true\n', '/etc/fail2ban/jail.local': '[sshd]\nenabled = false\n' } }, nothing: { files } },
  },
})

function isOn(value: string | null): boolean {
  return /^(true|yes|1)$/i.test(value ?? '')
}
