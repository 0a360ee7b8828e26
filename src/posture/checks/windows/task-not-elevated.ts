import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { powershell, quoted } from '../../facts/windows-query.ts'
import { windowsWith } from '../../facts/windows-sample.ts'

const isSystem = (user: string | null): boolean => user === null || /^(?:NT AUTHORITY\\)?(?:SYSTEM|LOCAL ?SYSTEM)$|^S-1-5-18$/i.test(user)
const isElevated = ({ User, RunLevel }: { User: string | null; RunLevel: string }): boolean => RunLevel === 'Highest' || isSystem(User)
const principal = (task: string, user: string, level: string): string[] => [powershell, '-NoProfile', '-Command', `Set-ScheduledTask -TaskName ${quoted(task)} -Principal (New-ScheduledTaskPrincipal -UserId ${quoted(user)} -LogonType Interactive -RunLevel ${level})`]

export default defineCheck({
  id: 'windows.task-not-elevated',
  title: 'no task starts OpenClaw with the highest rights',
  severity: 'critical',
  why: 'an agent with a shell is administrator or the system itself; nothing it does can be taken back',
  source: 'Microsoft Learn, New-ScheduledTaskPrincipal, RunLevel; OpenClaw docs, platforms/windows',
  needs: ['windows'],
  judge: ({ windows }) => told(windows.tasks).filter(isElevated).map(({ TaskName, User, RunLevel }) => ({ at: `task ${TaskName}`, saw: `${User ?? 'nobody'}, ${RunLevel}`, want: 'a standard user, Limited' })),
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan: ({ windows }) =>
      told(windows.tasks)
        // Whom else it should run as, only a person knows.
        .filter((task) => isElevated(task) && !isSystem(task.User))
        .map(({ TaskName, User }) => ({ kind: 'command', do: principal(TaskName, User!, 'Limited'), undo: principal(TaskName, User!, 'Highest'), means: `starts ${TaskName} with the rights of a standard user` })),
  },
  examples: {
    pass: { healthy: windowsWith() },
    fail: { highest: windowsWith({ tasks: { value: { TaskName: 'OpenClaw Gateway', User: 'claw', RunLevel: 'Highest' } } }) },
  },
})
