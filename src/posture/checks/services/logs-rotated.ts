import { defineCheck } from '../../check.ts'
import type { LoggingFacts } from '../../facts/logging.ts'

// A day of a busy gateway is some megabytes: whoever is at fifty is not being rotated.
const mostBytes = 50 * 1024 * 1024
const path = '/etc/logrotate.d/openclaw-hardshell'
const big = (mib: number): string => 'x'.repeat(mib * 1024 * 1024)

export default defineCheck({
  id: 'services.logs-rotated',
  title: 'logs of OpenClaw do not grow without end',
  severity: 'low',
  why: 'a full disk stops the gateway, the audit log and the backup at once',
  source: 'OpenClaw hardening checklist: set up log rotation so your disk does not fill up; logrotate(8)',
  needs: ['logging'],
  applies: ({ logging }) => logging.logs.length > 0,
  judge: ({ logging }) => growing(logging).map(({ path: at, size }) => ({ at, saw: `${Math.round(size / 1024 / 1024)} MiB, not rotated`, want: 'rotated by logrotate' })),
  fix: {
    risk: 'safe',
    part: 'logrotate',
    plan({ logging }) {
      const logs = growing(logging)
      if (logs.length === 0) return []
      // copytruncate: the gateway keeps its file open and is not told.
      const rule = (log: string): string => `${log} {\n  weekly\n  size 20M\n  rotate 8\n  compress\n  missingok\n  notifempty\n  copytruncate\n}\n`
      return [{ kind: 'file', path, from: logging.rotations[path] ?? null, to: (logging.rotations[path] ?? '') + logs.map(({ path: log }) => rule(log)).join(''), mode: 0o644 }]
    },
  },
  examples: {
    pass: { small: { files: { '$STATE/logs/gateway.log': 'started\n' } }, rotated: { files: { '$STATE/logs/gateway.log': big(51), '/etc/logrotate.d/openclaw': '/home/claw/.openclaw/logs/*.log {\n  weekly\n}\n' } } },
    fail: { large: { files: { '$STATE/logs/gateway.log': big(51) } } },
  },
})

function growing({ logs, rotations }: LoggingFacts): LoggingFacts['logs'] {
  return logs.filter(({ path: log, size, folder }) => size > mostBytes && !Object.values(rotations).some((text) => text.includes(log) || text.includes(`${folder}/*`)))
}
