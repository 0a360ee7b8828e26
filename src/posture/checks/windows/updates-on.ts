import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { powershell } from '../../facts/windows-query.ts'
import { windowsWith } from '../../facts/windows-sample.ts'

export default defineCheck({
  id: 'windows.updates-on',
  title: 'windows may install its updates',
  severity: 'high',
  why: 'holes of Windows stay open for good',
  source: 'Microsoft Learn, Get-Service; CIS Microsoft Windows 11 Benchmark',
  needs: ['windows'],
  judge: ({ windows }) => (told(windows.updateService) === 'Disabled' ? [{ at: 'service wuauserv', saw: 'Disabled', want: 'Manual, as Windows sets it' }] : []),
  fix: {
    risk: 'safe',
    part: 'files',
    plan: ({ windows }) => (told(windows.updateService) === 'Disabled' ? [{ kind: 'command', do: [powershell, '-NoProfile', '-Command', 'Set-Service wuauserv -StartupType Manual'], undo: [powershell, '-NoProfile', '-Command', 'Set-Service wuauserv -StartupType Disabled'], means: 'lets Windows start its update service when it wants to' }] : []),
  },
  examples: {
    pass: { healthy: windowsWith() },
    fail: { disabled: windowsWith({ updateService: { value: 'Disabled' } }) },
  },
})
