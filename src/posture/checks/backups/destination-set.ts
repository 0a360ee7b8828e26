import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'backups.destination-set',
  title: 'backups of configuration, agents and log go somewhere',
  severity: 'medium',
  why: 'after a break-in the only machine that can be trusted is one restored from before',
  source: 'hardening guide 1, backup strategies; guides 2 and 4',
  at: 'backup.destination',
  fallback: null,
  isGood: (value) => typeof value === 'string' && value !== '',
  want: 'a folder or an S3 address, best of another machine',
  to: () => '/var/backups/hardshell',
  applies: () => true,
  passes: { 'a bucket': 'backup:\n  destination: s3://backups-example/openclaw\n', 'a folder': 'backup:\n  destination: /mnt/backups/openclaw\n' },
  fails: { nowhere: '# nothing\n' },
})
