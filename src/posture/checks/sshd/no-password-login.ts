import { defineCheck } from '../../check.ts'
import { examplePeople } from '../../example-people.ts'
import { keyIsDemanded, survivesWithoutPasswords } from '../../ssh-access.ts'
import { effective, setSshd, sshdExamples, sshdFlaws } from '../../sshd-settings.ts'

const rule = { keyword: 'PasswordAuthentication', good: (value: string) => value === 'no', to: 'no', bad: 'yes' }

export default defineCheck({
  id: 'sshd.no-password-login',
  title: 'nobody logs in over SSH with a password',
  severity: 'high',
  why: 'bots guess passwords on every address all day; one weak account is enough',
  source: 'OpenClaw hardening checklist: SSH key-only authentication; sshd_config(5)',
  needs: ['sshd', 'remoteAccess'],
  judge({ sshd, remoteAccess }) {
    if (keyIsDemanded(sshd)) return []
    const want = survivesWithoutPasswords(sshd, remoteAccess) ? 'no' : 'no, once a key of yours is in ~/.ssh/authorized_keys (ssh-copy-id); until then nothing is changed, or you would be locked out'
    return sshdFlaws(sshd, { ...rule, want })
  },
  fix: {
    risk: 'lockout',
    part: 'ssh',
    plan: ({ sshd, remoteAccess }) => (rule.good(effective(sshd, rule.keyword)) || !survivesWithoutPasswords(sshd, remoteAccess) ? [] : setSshd(sshd, rule.keyword, rule.to)),
  },
  examples: sshdExamples(rule, examplePeople),
})
