import { defineCheck } from '../../check.ts'
import { effective, setSshd, sshdExamples, sshdFlaws } from '../../sshd-settings.ts'

const rule = { keyword: 'AllowTcpForwarding', good: (value: string) => value !== 'yes' && value !== 'all', to: 'local', bad: 'yes' }

export default defineCheck({
  id: 'sshd.no-tcp-forwarding',
  title: 'nobody opens ports of this machine through SSH',
  severity: 'info',
  why: 'a remote forward makes a listener here that no service file mentions; local forwards stay, as they are the safe way to reach the gateway',
  source: 'sshd_config(5): AllowTcpForwarding; OpenClaw docs, gateway/remote (ssh -L to the gateway)',
  needs: ['sshd'],
  judge: ({ sshd }) => (effective(sshd, 'DisableForwarding') === 'yes' ? [] : sshdFlaws(sshd, { ...rule, want: 'local or no' })),
  fix: {
    risk: 'restart',
    part: 'ssh',
    plan: ({ sshd }) => (effective(sshd, 'DisableForwarding') === 'yes' || rule.good(effective(sshd, rule.keyword)) ? [] : setSshd(sshd, rule.keyword, rule.to)),
  },
  examples: sshdExamples(rule),
})
