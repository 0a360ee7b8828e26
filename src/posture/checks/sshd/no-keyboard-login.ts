import { defineCheck } from '../../check.ts'
import { examplePeople } from '../../example-people.ts'
import { keyIsDemanded, survivesWithoutPasswords } from '../../ssh-access.ts'
import { effective, setSshd, sshdExamples, sshdFlaws } from '../../sshd-settings.ts'

const rule = { keyword: 'KbdInteractiveAuthentication', good: (value: string) => value === 'no', to: 'no', bad: 'yes' }

export default defineCheck({
  id: 'sshd.no-keyboard-login',
  title: 'no password comes in as an answer to a question',
  severity: 'medium',
  why: 'with PAM it asks for the very password that PasswordAuthentication no was to keep out',
  source: 'sshd_config(5): KbdInteractiveAuthentication, UsePAM',
  needs: ['sshd', 'remoteAccess'],
  judge({ sshd, remoteAccess }) {
    // A second factor after the key is asked for this way, and welcome.
    if (keyIsDemanded(sshd)) return []
    return sshdFlaws(sshd, { ...rule, want: survivesWithoutPasswords(sshd, remoteAccess) ? 'no' : 'no, once a key of yours is installed (ssh-copy-id)' })
  },
  fix: {
    risk: 'lockout',
    part: 'ssh',
    plan: ({ sshd, remoteAccess }) => (rule.good(effective(sshd, rule.keyword)) || !survivesWithoutPasswords(sshd, remoteAccess) ? [] : setSshd(sshd, rule.keyword, rule.to)),
  },
  examples: sshdExamples(rule, examplePeople),
})
