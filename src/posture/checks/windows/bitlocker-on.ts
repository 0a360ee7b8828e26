import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { powershell } from '../../facts/windows-query.ts'
import { windowsWith } from '../../facts/windows-sample.ts'

export default defineCheck({
  id: 'windows.bitlocker-on',
  title: 'the system disk is encrypted',
  severity: 'high',
  why: 'whoever carries the machine away reads keys, transcripts and mail from its disk',
  source: 'Microsoft Learn, Get-BitLockerVolume',
  needs: ['windows'],
  judge: ({ windows }) => {
    const state = told(windows.bitLocker)
    if (state === 'Unknown') throw new Error('BitLocker does not tell: the disk is locked')
    return state === 'On' ? [] : [{ at: 'BitLocker', saw: `protection ${state}`, want: 'On' }]
  },
  fix: {
    risk: 'lockout',
    part: 'files',
    plan: ({ windows }) => (told(windows.bitLocker) === 'Off' ? [{ kind: 'command', do: [powershell, '-NoProfile', '-Command', 'Enable-BitLocker -MountPoint $env:SystemDrive -UsedSpaceOnly -RecoveryPasswordProtector'], undo: [powershell, '-NoProfile', '-Command', 'Disable-BitLocker -MountPoint $env:SystemDrive'], means: 'encrypts the system disk; it shows a recovery password, which has to be kept elsewhere' }] : []),
  },
  examples: {
    pass: { healthy: windowsWith() },
    fail: { off: windowsWith({ bitLocker: { value: 'Off' } }) },
  },
})
