import { lineIn } from '../../change.ts'
import { defineCheck } from '../../check.ts'
import { fail2banOn } from '../../example-fail2ban.ts'
import { jailValue, ownJails, type Fail2banFacts } from '../../facts/fail2ban.ts'
import { secondsOf } from '../../../host/index.ts'

// Fail2Ban's own default; below it a bot waits and goes on.
const leastSeconds = 600
const line = { section: 'sshd', key: 'bantime', separator: ' = ' } as const

export default defineCheck({
  id: 'fail2ban.bans-long-enough',
  title: 'a ban lasts ten minutes at least',
  severity: 'low',
  why: 'a ban of seconds only slows a bot down that has all night',
  source: 'jail.conf(5), bantime (default 10m)',
  needs: ['fail2ban'],
  applies: ({ fail2ban }) => fail2ban.installed && fail2ban.instead === null,
  judge: ({ fail2ban }) => (isLong(fail2ban) ? [] : [{ at: '/etc/fail2ban: [sshd]', saw: `bantime = ${jailValue(fail2ban, 'sshd', 'bantime')}`, want: '10m or more' }]),
  fix: { risk: 'safe', part: 'fail2ban', plan: ({ fail2ban }) => (isLong(fail2ban) ? [] : [{ kind: 'line', path: ownJails, ...line, from: lineIn(fail2ban.own, line), to: '1h' }]) },
  examples: {
    pass: { default: { files: fail2banOn }, forever: { files: { ...fail2banOn, '/etc/fail2ban/jail.local': '[DEFAULT]\nbantime = -1\n' } } },
    fail: { short: { files: { ...fail2banOn, '/etc/fail2ban/jail.local': '[DEFAULT]\nbantime  = 60\n' } } },
  },
})

function isLong(fail2ban: Fail2banFacts): boolean {
  const value = jailValue(fail2ban, 'sshd', 'bantime') ?? String(leastSeconds)
  // Negative is for ever; months and years are spelled in ways no short ban is.
  const seconds = value.startsWith('-') ? Infinity : secondsOf(value)
  return seconds === null || seconds >= leastSeconds
}
