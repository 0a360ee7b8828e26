import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { macWith } from '../../facts/mac-sample.ts'

export default defineCheck({
  id: 'mac.user-not-admin',
  title: 'the user OpenClaw runs as is no administrator',
  severity: 'high',
  why: 'an agent that is talked into it changes the whole Mac: sudo, the firewall, programs of others',
  source: 'Apple Platform Security, user accounts; OpenClaw docs, gateway/security',
  needs: ['mac'],
  judge({ mac }) {
    const { name, isAdmin } = told(mac.user)
    return isAdmin ? [{ at: `user ${name}`, saw: 'member of admin', want: 'a standard user of its own' }] : []
  },
  fix: {
    // The last administrator of a Mac must not be this one.
    risk: 'lockout',
    part: 'files',
    plan({ mac }) {
      const { name, isAdmin } = told(mac.user)
      const edit = (how: string): string[] => ['dseditgroup', '-o', 'edit', how, name, '-t', 'user', 'admin']
      return isAdmin ? [{ kind: 'command', do: edit('-d'), undo: edit('-a'), means: `takes ${name} out of the administrators: have another one first` }] : []
    },
  },
  examples: {
    pass: { healthy: macWith() },
    fail: { admin: macWith({ 'dscl . -read /Groups/admin GroupMembership': 'GroupMembership: root admin claw\n' }) },
  },
})
