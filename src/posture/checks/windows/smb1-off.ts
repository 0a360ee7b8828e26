import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { powershell } from '../../facts/windows-query.ts'
import { windowsWith } from '../../facts/windows-sample.ts'

export default defineCheck({
  id: 'windows.smb1-off',
  title: 'the first version of SMB is off',
  severity: 'high',
  why: 'WannaCry came in through it; nothing made since 2007 needs it',
  source: 'Microsoft Learn, detect and disable SMBv1; CVE-2017-0144',
  needs: ['windows'],
  judge: ({ windows }) => (told(windows.smb1) ? [{ at: 'SMB server', saw: 'SMB 1 on', want: 'off' }] : []),
  fix: {
    risk: 'safe',
    part: 'files',
    plan: ({ windows }) => (told(windows.smb1) ? [{ kind: 'command', do: [powershell, '-NoProfile', '-Command', 'Set-SmbServerConfiguration -EnableSMB1Protocol $false -Force'], undo: [powershell, '-NoProfile', '-Command', 'Set-SmbServerConfiguration -EnableSMB1Protocol $true -Force'], means: 'turns the first version of SMB off' }] : []),
  },
  examples: {
    pass: { healthy: windowsWith() },
    fail: { on: windowsWith({ smb1: { value: true } }) },
  },
})
