import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { powershell, quoted } from '../../facts/windows-query.ts'
import { windowsWith } from '../../facts/windows-sample.ts'

export default defineCheck({
  id: 'windows.user-not-admin',
  title: 'the user OpenClaw runs as is no administrator',
  severity: 'high',
  why: 'an agent that is talked into it changes the whole machine, once somebody clicks Yes or without',
  source: 'Microsoft Learn, local accounts; OpenClaw docs, gateway/security',
  needs: ['windows'],
  judge: ({ windows }) => {
    const { Name, IsAdmin } = told(windows.user)
    return IsAdmin ? [{ at: `user ${Name}`, saw: 'member of Administrators', want: 'a standard user of its own' }] : []
  },
  fix: {
    // The last administrator must not be this one.
    risk: 'lockout',
    part: 'files',
    plan({ windows }) {
      const { Name, IsAdmin } = told(windows.user)
      const member = (verb: string): string[] => [powershell, '-NoProfile', '-Command', `${verb}-LocalGroupMember -SID S-1-5-32-544 -Member ${quoted(Name)}`]
      return IsAdmin ? [{ kind: 'command', do: member('Remove'), undo: member('Add'), means: `takes ${Name} out of the administrators: have another one first` }] : []
    },
  },
  examples: {
    pass: { healthy: windowsWith() },
    fail: { admin: windowsWith({ user: { value: { Name: 'DESK\\claw', IsAdmin: true } } }) },
  },
})
