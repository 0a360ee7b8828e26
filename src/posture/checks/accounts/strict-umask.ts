import { lineIn } from '../../change.ts'
import { defineCheck } from '../../check.ts'
import { examplePeople } from '../../example-people.ts'

const line = { key: 'UMASK', separator: ' ' } as const

export default defineCheck({
  id: 'accounts.strict-umask',
  title: 'new files are closed to other accounts',
  severity: 'low',
  why: 'a transcript or key somebody writes is readable by every service until he thinks of it',
  source: 'CIS Debian Linux 12 Benchmark, 5.4.3.3 (default user umask 027); login.defs(5)',
  needs: ['accounts'],
  applies: ({ accounts }) => accounts.hasLoginDefs,
  judge: ({ accounts: { umask } }) => (isStrict(umask) ? [] : [{ at: '/etc/login.defs', saw: `UMASK ${umask ?? '022 (default)'}`, want: '027 or 077' }]),
  fix: { risk: 'safe', part: 'files', plan: ({ accounts: { umask } }) => (isStrict(umask) ? [] : [{ kind: 'line', path: '/etc/login.defs', ...line, from: umask === null ? null : lineIn(`UMASK ${umask}`, line), to: '027' }]) },
  examples: {
    pass: { strict: { files: { ...examplePeople, '/etc/login.defs': 'UMASK\t\t027\n' } } },
    fail: { usual: { files: { ...examplePeople, '/etc/login.defs': '# see umask(2)\nUMASK\t\t022\nHOME_MODE\t0700\n' } }, default: { files: { ...examplePeople, '/etc/login.defs': 'HOME_MODE 0700\n' } } },
  },
})

// Others get nothing, the group does not write.
function isStrict(umask: string | null): boolean {
  return umask !== null && (Number.parseInt(umask, 8) & 0o027) === 0o027
}
