import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { windowsWith } from '../../facts/windows-sample.ts'

export default defineCheck({
  id: 'windows.not-run-as-system',
  title: 'no service runs OpenClaw as the system',
  severity: 'critical',
  why: 'an agent with a shell is the system itself; nothing it does can be taken back',
  source: 'Microsoft Learn, LocalSystem account; CIS Microsoft Windows 11 Benchmark',
  needs: ['windows'],
  judge: ({ windows }) => told(windows.services).filter(({ StartName }) => StartName === null || /LocalSystem|\\SYSTEM$/i.test(StartName)).map(({ Name }) => ({ at: `service ${Name}`, saw: 'LocalSystem', want: 'an account of its own, such as NT SERVICE\\' + Name })),
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan: ({ windows }) =>
      told(windows.services)
        .filter(({ StartName }) => StartName === null || /LocalSystem|\\SYSTEM$/i.test(StartName))
        // Each service has an account of this name without a password (virtual accounts).
        .map(({ Name }) => ({ kind: 'command', do: ['sc.exe', 'config', Name, 'obj=', `NT SERVICE\\${Name}`], undo: ['sc.exe', 'config', Name, 'obj=', 'LocalSystem'], means: `runs the service ${Name} as an account of its own; give that account the state folder` })),
  },
  examples: {
    pass: { healthy: windowsWith(), 'an account of its own': windowsWith({ services: { value: [{ Name: 'openclaw', StartName: 'NT SERVICE\\openclaw' }] } }) },
    fail: { system: windowsWith({ services: { value: { Name: 'openclaw', StartName: 'LocalSystem' } } }) },
  },
})
