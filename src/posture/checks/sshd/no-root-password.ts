import { defineCheck } from '../../check.ts'
import { examplePeople } from '../../example-people.ts'
import { survivesWithoutPasswords } from '../../ssh-access.ts'
import { effective, setSshd, sshdExamples, sshdFlaws } from '../../sshd-settings.ts'

const rule = { keyword: 'PermitRootLogin', good: (value: string) => ['no', 'without-password', 'forced-commands-only'].includes(value), to: 'prohibit-password', bad: 'yes' }

export default defineCheck({
  id: 'sshd.no-root-password',
  title: 'root does not log in with a password',
  severity: 'high',
  why: 'root is the one name every bot knows; its password is the whole machine',
  source: 'OpenClaw hardening checklist: PermitRootLogin prohibit-password; sshd_config(5)',
  needs: ['sshd', 'remoteAccess'],
  judge: ({ sshd }) => sshdFlaws(sshd, { ...rule, want: 'no or prohibit-password' }),
  fix: {
    risk: 'lockout',
    part: 'ssh',
    plan({ sshd, remoteAccess }) {
      // Whoever works as root by password today needs another way in first.
      if (rule.good(effective(sshd, rule.keyword)) || !survivesWithoutPasswords(sshd, remoteAccess)) return []
      return setSshd(sshd, rule.keyword, rule.to)
    },
  },
  examples: sshdExamples(rule, examplePeople),
})
