import { lineIn } from '../../change.ts'
import { defineCheck } from '../../check.ts'
import { fail2banOn } from '../../example-fail2ban.ts'
import { exampleFront } from '../../example-front.ts'
import { jailValue, ownJails } from '../../facts/fail2ban.ts'

const line = { section: 'nginx-http-auth', key: 'enabled', separator: ' = ' } as const
const files = { ...fail2banOn, ...exampleFront }

export default defineCheck({
  id: 'fail2ban.watches-front-door',
  title: 'failed logins at the front door lead to a ban',
  severity: 'low',
  why: 'the login page of the agent is guessed like any other',
  source: 'OpenClaw hardening checklist: configure it to watch your SSH logs at minimum, and web-facing authentication',
  needs: ['fail2ban', 'front'],
  applies: ({ fail2ban }) => fail2ban.installed && fail2ban.instead === null,
  judge: ({ fail2ban }) => (isOn(jailValue(fail2ban, line.section, 'enabled')) ? [] : [{ at: `/etc/fail2ban: [${line.section}]`, saw: 'not enabled', want: 'enabled = true' }]),
  fix: {
    risk: 'safe',
    part: 'fail2ban',
    plan: ({ fail2ban }) => (isOn(jailValue(fail2ban, line.section, 'enabled')) ? [] : [{ kind: 'line', path: ownJails, ...line, from: lineIn(fail2ban.own, line), to: 'true' }]),
  },
  examples: {
    pass: { on: { files: { ...files, '/etc/fail2ban/jail.d/own.conf': '[nginx-http-auth]\nenabled = true\n' } } },
    fail: { off: { files: { ...files, '/etc/fail2ban/jail.d/own.conf': '[nginx-http-auth]\nenabled = true\n', '/etc/fail2ban/jail.local': '[nginx-http-auth]\nenabled = false\n' } }, nothing: { files } },
  },
})

function isOn(value: string | null): boolean {
  return /^(true|yes|1)$/i.test(value ?? '')
}
