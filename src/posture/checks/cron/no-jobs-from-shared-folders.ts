import { defineCheck } from '../../check.ts'
import { answeredByTables, switchedOff } from '../../cron-plan.ts'
import type { CronFacts } from '../../facts/cron.ts'

// The program itself, or the script an interpreter is given; an argument such as an output file is no matter.
const shared = /(^|[;&|]\s*|\b(sh|bash|node|perl|python[\d.]*)\s+(-\w+\s+)*)(\/var)?\/(tmp|dev\/shm)\/\S+/

export default defineCheck({
  id: 'cron.no-jobs-from-shared-folders',
  title: 'no job runs a program out of a folder everybody can write',
  severity: 'high',
  why: 'any account puts its own program under that name and is whoever the job belongs to',
  source: 'MITRE ATT&CK T1053.003; hier(7) on /tmp and /dev/shm',
  needs: ['cron'],
  judge: ({ cron }) => answeredByTables(cron, bad(cron).map(({ path, line, user }) => ({ at: `${path}:${line}`, saw: `a program out of a shared folder${user === null ? '' : `, as ${user}`}`, want: 'a program only its owner can write' }))),
  fix: { risk: 'safe', part: 'files', plan: ({ cron }) => switchedOff(cron, bad(cron)) },
  examples: {
    pass: { usual: { files: { '/etc/cron.d/backup': '0 3 * * * root /usr/local/bin/backup > /tmp/backup.log\n@reboot root tar -cf /tmp/x.tar /etc\n' } } },
    fail: { tmp: { files: { '/etc/cron.d/x': '@reboot root /tmp/.x/update\n' } }, interpreter: { files: { '/var/spool/cron/crontabs/root': '* * * * * sh -e /dev/shm/a.sh\n' } } },
  },
})

function bad({ jobs }: CronFacts): CronFacts['jobs'] {
  return jobs.filter(({ command }) => shared.test(command))
}
