import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { windowsWith } from '../../facts/windows-sample.ts'

// The second Tuesday of each month is at most 35 days behind; a week more to install.
const maxDays = 42
const dayMs = 24 * 60 * 60 * 1000

export default defineCheck({
  id: 'windows.updates-installed',
  title: 'the last update was installed within six weeks',
  severity: 'medium',
  why: 'updates come each month; who has none since then misses at least one round of holes that are public',
  source: 'Microsoft Learn, Get-HotFix; the monthly security release',
  needs: ['windows'],
  judge: ({ windows }) => {
    const last = told(windows.lastUpdate)
    const days = Math.floor((windows.now - Date.parse(last)) / dayMs)
    return days <= maxDays ? [] : [{ at: 'Windows Update', saw: `last update on ${last}, ${days} days ago`, want: `within ${maxDays} days` }]
  },
  fix: {
    risk: 'restart',
    part: 'files',
    plan: ({ windows }) => (windows.now - Date.parse(told(windows.lastUpdate)) > (maxDays + 1) * dayMs ? [{ kind: 'command', do: ['C:/Windows/System32/UsoClient.exe', 'StartInteractiveScan'], undo: null, means: 'has Windows look for updates and install them' }] : []),
  },
  examples: {
    pass: { healthy: windowsWith() },
    fail: { old: windowsWith({ lastUpdate: { value: '2026-08-14' } }) },
  },
})
