import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { powershell } from '../../facts/windows-query.ts'
import { windowsWith } from '../../facts/windows-sample.ts'

// Defender loads several times a day and warns after seven days itself.
const maxDays = 7

export default defineCheck({
  id: 'windows.defender-signatures-fresh',
  title: 'the list of known malware is not older than a week',
  severity: 'medium',
  why: 'what came out since the list was loaded is not recognised',
  source: 'Microsoft Learn, Get-MpComputerStatus, AntivirusSignatureAge',
  needs: ['windows'],
  judge: ({ windows }) => {
    const { AntivirusSignatureAge: days } = told(windows.defender)
    return days <= maxDays ? [] : [{ at: 'Microsoft Defender', saw: `signatures of ${days} days ago`, want: `at most ${maxDays} days` }]
  },
  fix: {
    risk: 'safe',
    part: 'files',
    plan: ({ windows }) => (told(windows.defender).AntivirusSignatureAge > maxDays ? [{ kind: 'command', do: [powershell, '-NoProfile', '-Command', 'Update-MpSignature'], undo: null, means: 'loads the list of known malware' }] : []),
  },
  examples: {
    pass: { healthy: windowsWith() },
    fail: { old: windowsWith({ defender: { value: { AntivirusEnabled: true, RealTimeProtectionEnabled: true, IsTamperProtected: true, AntivirusSignatureAge: 30 } } }) },
  },
})
