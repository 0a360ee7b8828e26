import { defineCheck } from '../../check.ts'
import { examplePeople } from '../../example-people.ts'
import { answeredByAll } from '../../login-keys.ts'

const sshd = { '/etc/ssh/sshd_config': 'UsePAM yes\n' }
const named = examplePeople['~/.ssh/authorized_keys']
const bare = named.replace(' claw@laptop', '')

export default defineCheck({
  id: 'sshd.keys-named',
  title: 'every login key says whose it is',
  severity: 'low',
  why: 'in the monthly review nobody dares to delete a key of nobody, so it stays, and so does an intruder with one',
  source: 'OpenClaw hardening checklist: review which users or SSH keys have access to the server',
  needs: ['authorizedKeys'],
  judge: ({ authorizedKeys }) => answeredByAll(authorizedKeys, authorizedKeys.files.flatMap(({ path, keys }) => keys.filter(({ named: isNamed }) => !isNamed).map(({ line, type }) => ({ at: `${path}:${line}`, saw: `${type} without a comment`, want: 'name and machine behind the key' })))),
  fix: {
    risk: 'safe',
    part: 'files',
    plan: ({ authorizedKeys }) => authorizedKeys.files.filter(({ keys }) => keys.some((key) => !key.named)).map(({ path, text, user, keys }) => {
      const unnamed = new Set(keys.filter((key) => !key.named).map(({ line }) => line))
      const lines = text.split('\n').map((line, index) => (unnamed.has(index + 1) ? `${line.trimEnd()} unnamed-key-${index + 1}-of-${user}` : line))
      return { kind: 'file', path, from: text, to: lines.join('\n') }
    }),
  },
  examples: {
    pass: { named: { files: { ...sshd, ...examplePeople } } },
    fail: { bare: { files: { ...sshd, ...examplePeople, '~/.ssh/authorized_keys': `${named}\n# laptop?\n${bare}` } } },
  },
})
