import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { windowsWith } from '../../facts/windows-sample.ts'

const station = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp'

export default defineCheck({
  id: 'windows.remote-desktop-needs-login',
  title: 'remote desktop asks who comes before it opens a session',
  severity: 'high',
  why: 'whoever reaches the port talks to the session itself, where BlueKeep and its like were',
  source: 'Microsoft Learn, network level authentication; CVE-2019-0708',
  needs: ['windows'],
  judge: ({ windows }) => {
    const { Denied, NeedsLogin } = told(windows.remoteDesktop)
    return Denied === 1 || NeedsLogin === 1 ? [] : [{ at: 'Remote Desktop', saw: 'on, without network level authentication', want: 'with it, or off' }]
  },
  fix: {
    risk: 'lockout',
    part: 'files',
    plan({ windows }) {
      const { Denied, NeedsLogin } = told(windows.remoteDesktop)
      const set = (value: number): string[] => ['reg.exe', 'add', station, '/v', 'UserAuthentication', '/t', 'REG_DWORD', '/d', String(value), '/f']
      return Denied === 1 || NeedsLogin === 1 ? [] : [{ kind: 'command', do: set(1), undo: set(NeedsLogin), means: 'has Remote Desktop ask who comes first; very old clients cannot answer' }]
    },
  },
  examples: {
    pass: { off: windowsWith(), 'with login': windowsWith({ remoteDesktop: { value: { Denied: 0, NeedsLogin: 1 } } }) },
    fail: { 'no login first': windowsWith({ remoteDesktop: { value: { Denied: 0, NeedsLogin: 0 } } }) },
  },
})
