import { defineCheck } from '../../check.ts'
import { command } from '../../command-change.ts'
import type { Facts } from '../../facts.ts'

const shadow = (field: string): string => `root:*:20000:0:99999:7:::\nguest:${field}:20000:0:99999:7:::\n`

export default defineCheck({
  id: 'accounts.no-empty-passwords',
  title: 'no account has an empty password',
  severity: 'critical',
  why: 'whoever reaches a login or su is that account without typing anything',
  source: 'CIS Debian Linux 12 Benchmark, 7.2.2 (/etc/shadow password fields are not empty)',
  needs: ['passwords'],
  judge: ({ passwords }) => empty(passwords).map((name) => ({ at: `/etc/shadow: ${name}`, saw: 'empty password field', want: 'locked, or a password' })),
  fix: { risk: 'lockout', part: 'files', plan: ({ passwords }) => empty(passwords).map((name) => command(['passwd', '-l', name], ['passwd', '-d', name], `locks the password of ${name}`)) },
  examples: {
    pass: { locked: { files: { '/etc/shadow': shadow('!') } } },
    fail: { empty: { files: { '/etc/shadow': shadow('') }, fixedFiles: { '/etc/shadow': shadow('!') } } },
  },
})

function empty({ kinds }: Facts['passwords']): readonly string[] {
  return Object.keys(kinds).filter((name) => kinds[name] === 'empty')
}
