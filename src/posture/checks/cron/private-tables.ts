import { defineCheck } from '../../check.ts'
import { looseModes, tightened, writableByOthers } from '../../loose-modes.ts'

export default defineCheck({
  id: 'cron.private-tables',
  title: 'only their owner can write jobs',
  severity: 'high',
  why: 'a line written by another account runs as root a minute later',
  source: 'CIS Debian Linux 12 Benchmark, 2.4.1 (permissions on crontab and cron.d)',
  needs: ['cron'],
  judge: ({ cron }) => looseModes(cron.files, writableByOthers),
  fix: { risk: 'safe', part: 'files', plan: ({ cron }) => tightened(cron.files, writableByOthers) },
  examples: {
    pass: { usual: { files: { '/etc/crontab': { text: '', mode: 0o644 } } } },
    fail: { job: { files: { '/etc/cron.d/backup': { text: '0 3 * * * root /usr/local/bin/backup\n', mode: 0o664 } } }, script: { files: { '/etc/cron.daily/backup': { text: '#!/bin/sh\n', mode: 0o777 } } } },
  },
})
