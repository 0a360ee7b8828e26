import type { Change } from '../../change.ts'
import { defineCheck } from '../../check.ts'
import { exampleService } from '../../example-openclaw.ts'
import { groupsOf, openClawUsers } from '../../openclaw-account.ts'
import type { Facts } from '../../facts.ts'
import type { SudoRule } from '../../facts/sudo-rules.ts'

type Needs = Pick<Facts, 'accounts' | 'runtime' | 'sudoRules'>
const sudoers = 'root ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\n'

export default defineCheck({
  id: 'accounts.openclaw-no-free-sudo',
  title: 'the account of OpenClaw needs a password for sudo',
  severity: 'critical',
  why: 'with NOPASSWD every prompt that reaches a shell is root',
  source: 'sudoers(5), NOPASSWD; OpenClaw production guide, step 4: least privilege',
  needs: ['accounts', 'runtime', 'sudoRules'],
  applies: ({ accounts, runtime }) => openClawUsers(accounts, runtime).length > 0,
  judge: (facts) => free(facts).map(({ path, line, who, commands }) => ({ at: `${path}:${line}`, saw: `${who} without a password: ${commands}`, want: 'no such rule', severity: commands === 'ALL' ? 'critical' as const : 'high' as const })),
  fix: { risk: 'lockout', part: 'files', plan: (facts) => switchedOff(free(facts)) },
  examples: {
    pass: { none: { files: { ...exampleService, '/etc/sudoers': sudoers } }, another: { files: { ...exampleService, '/etc/sudoers': sudoers, '/etc/sudoers.d/90-cloud-init-users': 'debian ALL=(ALL) NOPASSWD:ALL\n' } } },
    fail: {
      named: { files: { ...exampleService, '/etc/sudoers': sudoers, '/etc/sudoers.d/openclaw': '# for updates\nopenclaw ALL=(ALL) NOPASSWD: ALL\n' } },
      everybody: { files: { ...exampleService, '/etc/sudoers': `${sudoers}ALL ALL=(root) NOPASSWD: /usr/bin/systemctl\n` } },
    },
  },
})

function free({ accounts, runtime, sudoRules }: Needs): readonly SudoRule[] {
  const who = openClawUsers(accounts, runtime).flatMap((user) => [user.name, ...groupsOf(accounts, user).map((group) => `%${group}`)])
  return sudoRules.rules.filter((rule) => rule.who === 'ALL' || who.includes(rule.who))
}

/** The lines made comments: what they were stays readable. */
function switchedOff(rules: readonly SudoRule[]): readonly Change[] {
  return [...new Set(rules.map(({ path }) => path))].map((path) => {
    const here = rules.filter((rule) => rule.path === path)
    const from = here[0]!.text
    const to = from.split('\n').map((line, index) => (here.some((rule) => rule.line === index + 1) ? `# ${line}` : line)).join('\n')
    return { kind: 'file', path, from, to }
  })
}
