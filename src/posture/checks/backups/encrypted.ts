import { defineCheck } from '../../check.ts'
import { guardExample, guardSetting } from '../../guard-settings.ts'

export default defineCheck({
  id: 'backups.encrypted',
  title: 'backups are encrypted for one recipient',
  severity: 'medium',
  why: 'whoever finds a backup in the clear has the configuration, the conversations and the log of everything',
  source: 'hardening guide 1, backup strategies: encrypt the backup',
  needs: ['guardConfig'],
  applies: ({ guardConfig }) => typeof guardSetting(guardConfig, 'backup.destination') === 'string',
  judge: ({ guardConfig }) =>
    typeof guardSetting(guardConfig, 'backup.recipient') === 'string' ? [] : [{ at: 'maintenance.yaml backup.recipient', saw: 'not set', want: 'an age or OpenPGP recipient' }],
  manual: 'make a key with `age-keygen` on another machine and write its public half into `backup.recipient` of maintenance.yaml',
  examples: {
    pass: { encrypted: guardExample({ 'maintenance.yaml': 'backup:\n  destination: /mnt/backups\n  recipient: age1example\n' }), 'no backups': guardExample({ 'config.yaml': '# nothing\n' }) },
    fail: { 'in the clear': guardExample({ 'maintenance.yaml': 'backup:\n  destination: s3://backups-example/openclaw\n' }) },
  },
})
