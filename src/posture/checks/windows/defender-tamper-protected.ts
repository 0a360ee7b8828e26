import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { windowsWith } from '../../facts/windows-sample.ts'

export default defineCheck({
  id: 'windows.defender-tamper-protected',
  title: 'programs cannot switch the scanner off',
  severity: 'medium',
  why: 'the first thing malware does as administrator is to switch Defender off',
  source: 'Microsoft Learn, tamper protection',
  needs: ['windows'],
  judge: ({ windows }) => (told(windows.defender).IsTamperProtected ? [] : [{ at: 'Microsoft Defender', saw: 'tamper protection off', want: 'on' }]),
  manual: 'Windows Security, Virus & threat protection settings, Tamper Protection: On; no command can',
  examples: {
    pass: { healthy: windowsWith() },
    fail: { off: windowsWith({ defender: { value: { AntivirusEnabled: true, RealTimeProtectionEnabled: true, IsTamperProtected: false, AntivirusSignatureAge: 1 } } }) },
  },
})
