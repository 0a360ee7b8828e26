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
      alias: { files: { ...exampleService, '/etc/sudoers': sudoers, '/etc/sudoers.d/bots': 'User_Alias BOTS = deploy, openclaw\nBOTS ALL = (ALL) \\\n  SETENV: NOPASSWD: ALL\n' } },
      'never asked': { files: { ...exampleService, '/etc/sudoers': `${sudoers}Defaults:openclaw !authenticate\nopenclaw ALL=(ALL) ALL\n` } },
      'by number': { files: { ...exampleService, '/etc/sudoers': `${sudoers}#998 ALL=(ALL) NOPASSWD: /usr/bin/apt-get\n` } },
      everybody: { files: { ...exampleService, '/etc/sudoers': `${sudoers}ALL ALL=(root) NOPASSWD: /usr/bin/systemctl\n` } },
    },
  },
})

function free({ accounts, runtime, sudoRules }: Needs): readonly SudoRule[] {
  const who = openClawUsers(accounts, runtime).flatMap((user) => [user.name, `#${user.uid}`, ...groupsOf(accounts, user).map((group) => `%${group}`)])
  const rules = sudoRules.rules.filter((rule) => rule.who === 'ALL' || who.includes(rule.who))
  return [...new Map(rules.map((rule) => [`${rule.path}:${rule.line}`, rule])).values()]
}

/** The lines made comments: what they were stays readable. */
function switchedOff(rules: readonly SudoRule[]): readonly Change[] {
  return [...new Set(rules.map(({ path }) => path))].map((path) => {
    const here = rules.filter((rule) => rule.path === path)
    const from = here[0]!.text
    const to = from.split('\n').map((line, index) => (here.some((rule) => rule.line <= index + 1 && index + 1 <= rule.lastLine) ? `# ${line}` : line)).join('\n')
    return { kind: 'file', path, from, to }
  })
}
