import { defineCheck } from '../../check.ts'
import { fail2banOn } from '../../example-fail2ban.ts'
import { openDoorOf } from '../../guard-door.ts'
import { guardFilter, guardFilterPath, jailFlaws, withGuardJail } from '../../guard-jail.ts'

const open = { ...fail2banOn, '$GUARD/config.yaml': 'server:\n  listen: 0.0.0.0:8443\n', '$GUARD_STATE/guard/audit/audit.log': '' }
const jail = '[hardshell]\nenabled = true\nlogpath = /var/lib/hardshell/guard/audit/audit.log\n'

export default defineCheck({
  id: 'fail2ban.watches-guard',
  title: 'failed logins at the front door of Hardshell lead to a ban',
  severity: 'low',
  why: 'the guard slows a guesser down and answers every time; a banned address costs nothing and fills no log',
  source: 'OpenClaw hardening checklist: configure it to watch your SSH logs at minimum, and web-facing authentication; jail.conf(5)',
  needs: ['fail2ban', 'guardConfig'],
  // Behind a proxy or a tunnel every caller comes from loopback. A jail without its log keeps all of Fail2Ban from starting.
  applies: ({ fail2ban, guardConfig }) => fail2ban.installed && fail2ban.instead === null && fail2ban.guardLog !== null && openDoorOf(guardConfig) !== null,
  judge: ({ fail2ban }) => jailFlaws(fail2ban, fail2ban.guardLog!),
  fix: {
    risk: 'safe',
    part: 'fail2ban',
    plan: ({ fail2ban, guardConfig }) => (jailFlaws(fail2ban, fail2ban.guardLog!).length === 0 ? [] : withGuardJail(fail2ban, fail2ban.guardLog!, openDoorOf(guardConfig)!.port)),
  },
  examples: {
    pass: {
      on: { files: { ...open, '/etc/fail2ban/jail.d/own.conf': jail, [guardFilterPath]: guardFilter } },
      'only this machine reaches it': { files: { ...open, '$GUARD/config.yaml': 'server:\n  listen: 127.0.0.1:8443\n' } },
      'nothing logged yet': { files: { ...fail2banOn, '$GUARD/config.yaml': 'server:\n  listen: 0.0.0.0:8443\n' } },
    },
    fail: {
      none: { files: open },
      'without its filter': { files: { ...open, '/etc/fail2ban/jail.d/own.conf': jail } },
      'on another file': { files: { ...open, [guardFilterPath]: guardFilter, '/etc/fail2ban/jail.d/own.conf': '[hardshell]\nenabled = true\nlogpath = /var/log/old.log\n' } },
    },
  },
})
