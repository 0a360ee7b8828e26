import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { windowsWith } from '../../facts/windows-sample.ts'

// Everyone, Anonymous, Authenticated Users, Users, Guests: learn.microsoft.com, well-known SIDs.
const everybody = new Set(['S-1-1-0', 'S-1-5-7', 'S-1-5-11', 'S-1-5-32-545', 'S-1-5-32-546'])
const isOpen = ({ Sid, Type }: { Sid: string; Type: string }): boolean => Type === 'Allow' && everybody.has(Sid)
/** How icacls spells what Get-Acl calls in words. */
const letterOf = (rights: string): string => (/FullControl/.test(rights) ? 'F' : /Modify/.test(rights) ? 'M' : /ReadAndExecute/.test(rights) ? 'RX' : /Write/.test(rights) ? 'RW' : 'R')

export default defineCheck({
  id: 'windows.state-folder-private',
  title: "only its user may enter OpenClaw's state folder",
  severity: 'high',
  why: 'each account of the machine reads keys, tokens and everything that was ever said',
  source: 'Microsoft Learn, Get-Acl and icacls; OpenClaw docs, gateway/security',
  needs: ['windows'],
  judge: ({ windows }) => told(windows.access).filter(isOpen).map(({ Name, Rights }) => ({ at: windows.stateDir!, saw: `${Name}: ${Rights}`, want: 'its user, SYSTEM and Administrators only' })),
  fix: {
    risk: 'safe',
    part: 'files',
    plan({ windows }) {
      const open = told(windows.access).filter(isOpen)
      if (open.length === 0) return []
      // Rights that come from the folder above cannot be taken away here: they are copied first.
      return [
        { kind: 'command', do: ['icacls.exe', windows.stateDir!, '/inheritance:d'], undo: ['icacls.exe', windows.stateDir!, '/inheritance:e'], means: 'keeps the rights of the folder above from coming back' },
        ...open.map(({ Sid, Name, Rights }) => ({ kind: 'command' as const, do: ['icacls.exe', windows.stateDir!, '/remove:g', `*${Sid}`, '/T'], undo: ['icacls.exe', windows.stateDir!, '/grant', `*${Sid}:(OI)(CI)${letterOf(Rights)}`, '/T'], means: `takes ${Name} out` })),
      ]
    },
  },
  examples: {
    pass: { healthy: windowsWith() },
    fail: { everybody: windowsWith({}, [{ Sid: 'S-1-1-0', Name: 'Everyone', Rights: 'ReadAndExecute, Synchronize', Type: 'Allow' }]), users: windowsWith({}, [{ Sid: 'S-1-5-32-545', Name: 'BUILTIN\\Users', Rights: 'Modify, Synchronize', Type: 'Allow' }]) },
  },
})
