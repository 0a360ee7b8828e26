import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { windowsWith } from '../../facts/windows-sample.ts'

const policies = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System'

export default defineCheck({
  id: 'windows.uac-on',
  title: 'programs ask before they become administrator',
  severity: 'high',
  why: 'every program of an administrator is one from the start, without a question',
  source: 'Microsoft Learn, User Account Control, EnableLUA',
  needs: ['windows'],
  judge: ({ windows }) => (told(windows.uac) === 1 ? [] : [{ at: 'User Account Control', saw: `EnableLUA ${told(windows.uac)}`, want: '1' }]),
  fix: {
    risk: 'restart',
    part: 'files',
    plan: ({ windows }) => (told(windows.uac) === 1 ? [] : [{ kind: 'command', do: ['reg.exe', 'add', policies, '/v', 'EnableLUA', '/t', 'REG_DWORD', '/d', '1', '/f'], undo: ['reg.exe', 'add', policies, '/v', 'EnableLUA', '/t', 'REG_DWORD', '/d', String(told(windows.uac)), '/f'], means: 'has programs ask before they become administrator, from the next start on' }]),
  },
  examples: {
    pass: { healthy: windowsWith() },
    fail: { off: windowsWith({ uac: { value: 0 } }) },
  },
})
