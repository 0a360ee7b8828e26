import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { powershell } from '../../facts/windows-query.ts'
import { windowsWith } from '../../facts/windows-sample.ts'

export default defineCheck({
  id: 'windows.defender-realtime',
  title: 'programs are scanned before they run',
  severity: 'high',
  why: 'downloads of an agent or a skill run without anybody asking whether they are known malware',
  source: 'Microsoft Learn, Get-MpComputerStatus; mondoohq/mql#10381 (running modes); CIS Microsoft Windows 11 Benchmark',
  needs: ['windows'],
  judge: ({ windows }) => {
    const { AMRunningMode, AntivirusEnabled, RealTimeProtectionEnabled } = told(windows.defender)
    // It then says that everything is on, and stops nothing: another product does, or nobody.
    if (/passive/i.test(AMRunningMode ?? '')) throw new Error(`Defender is in ${AMRunningMode}: whether the product it gives way to scans is not told`)
    if (AMRunningMode === 'Not running') return [{ at: 'Microsoft Defender', saw: 'not running', want: 'on, or another product that Windows Security knows' }]
    return AntivirusEnabled && RealTimeProtectionEnabled ? [] : [{ at: 'Microsoft Defender', saw: AntivirusEnabled ? 'real-time protection off' : 'off', want: 'on, or another product that Windows Security knows' }]
  },
  fix: {
    risk: 'safe',
    part: 'files',
    plan: ({ windows }) => (!told(windows.defender).RealTimeProtectionEnabled ? [{ kind: 'command', do: [powershell, '-NoProfile', '-Command', 'Set-MpPreference -DisableRealtimeMonitoring $false'], undo: [powershell, '-NoProfile', '-Command', 'Set-MpPreference -DisableRealtimeMonitoring $true'], means: 'turns the real-time protection of Defender on' }] : []),
  },
  examples: {
    pass: { healthy: windowsWith() },
    fail: { off: windowsWith({ defender: { value: { AntivirusEnabled: true, RealTimeProtectionEnabled: false, IsTamperProtected: true, AntivirusSignatureAge: 1 } } }) },
  },
})
