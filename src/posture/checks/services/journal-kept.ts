import { lineIn } from '../../change.ts'
import { defineCheck } from '../../check.ts'
import { ownJournald, type LoggingFacts } from '../../facts/logging.ts'

const line = { section: 'Journal', key: 'Storage', separator: '=' } as const

export default defineCheck({
  id: 'services.journal-kept',
  title: 'the journal survives a restart',
  severity: 'low',
  why: 'an intruder who crashes the machine takes the traces along when they were in memory only',
  source: 'journald.conf(5), Storage; CIS Debian Linux 12 Benchmark, 6.1 (journald)',
  needs: ['logging'],
  applies: ({ logging }) => logging.hasJournal,
  judge: ({ logging }) => (isKept(logging) ? [] : [{ at: '/etc/systemd/journald.conf', saw: `Storage=${logging.storage ?? 'auto'}, no /var/log/journal`, want: 'Storage=persistent' }]),
  fix: { risk: 'safe', part: 'systemd', plan: ({ logging }) => (isKept(logging) ? [] : [{ kind: 'line', path: ownJournald, ...line, from: lineIn(logging.ownJournald, line), to: 'persistent' }]) },
  examples: {
    pass: { folder: { files: { '/etc/systemd/journald.conf': '[Journal]\n#Storage=auto\n', '/var/log/journal': { kind: 'folder' } } }, said: { files: { '/etc/systemd/journald.conf': '[Journal]\nStorage=persistent\n' } } },
    fail: { volatile: { files: { '/etc/systemd/journald.conf': '[Journal]\nStorage=volatile\n', '/var/log/journal': { kind: 'folder' } } }, auto: { files: { '/etc/systemd/journald.conf': '[Journal]\n#Storage=auto\n' } } },
  },
})

function isKept({ storage, hasJournalFolder }: LoggingFacts): boolean {
  return storage === 'persistent' || ((storage ?? 'auto') === 'auto' && hasJournalFolder)
}
