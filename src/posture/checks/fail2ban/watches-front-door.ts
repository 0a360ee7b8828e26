import { fail2banOn } from '../../example-fail2ban.ts'
import { exampleFront } from '../../example-front.ts'
import { jailCheck } from '../../jail-check.ts'

export default jailCheck({
  id: 'fail2ban.watches-front-door',
  title: 'failed logins at the front door lead to a ban',
  severity: 'low',
  why: 'the login page of the agent is guessed like any other',
  source: 'OpenClaw hardening checklist: configure it to watch your SSH logs at minimum, and web-facing authentication',
  jail: 'nginx-http-auth',
  where: 'front',
  files: { ...fail2banOn, ...exampleFront },
})
