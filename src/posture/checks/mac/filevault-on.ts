import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { macWith } from '../../facts/mac-sample.ts'

export default defineCheck({
  id: 'mac.filevault-on',
  title: 'the disk is encrypted by FileVault',
  severity: 'high',
  why: 'whoever carries the Mac away reads keys, transcripts and mail from its disk',
  source: 'fdesetup(8); Apple Platform Security, Volume encryption with FileVault',
  needs: ['mac'],
  judge: ({ mac }) => {
    const state = told(mac.fileVault)
    return state === 'off' ? [{ at: 'FileVault', saw: 'off', want: 'on' }] : []
  },
  fix: {
    risk: 'lockout',
    part: 'files',
    plan: ({ mac }) => (told(mac.fileVault) === 'off' ? [{ kind: 'command', do: ['fdesetup', 'enable'], undo: ['fdesetup', 'disable'], means: 'encrypts the disk; it asks for a password and shows a recovery key, which has to be kept elsewhere' }] : []),
  },
  examples: {
    pass: { healthy: macWith() },
    fail: { off: macWith({ 'fdesetup status': 'FileVault is Off.\n' }) },
  },
})
