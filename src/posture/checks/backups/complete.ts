import { defineGuardCheck } from '../../guard-settings.ts'

const needed = ['configuration', 'agents', 'workflows', 'audit_log']

export default defineGuardCheck({
  id: 'backups.complete',
  title: 'backups hold configuration, agents, workflows and the log',
  severity: 'low',
  why: 'a restore without the agents is a new installation, and one without the log has no past to look into',
  source: 'hardening guide 1, backup strategies; guide 2, backups',
  at: 'backup.include',
  fallback: needed,
  isGood: (value) => Array.isArray(value) && needed.every((part) => value.includes(part)),
  want: needed.join(', '),
  to: (value) => [...new Set([...(Array.isArray(value) ? (value as unknown[]) : []), ...needed])],
  passes: { everything: 'backup:\n  include: [configuration, agents, workflows, skills, memory, audit_log]\n' },
  fails: { 'without the log': 'backup:\n  include: [configuration, agents, workflows]\n', nothing: 'backup:\n  include: []\n' },
})
