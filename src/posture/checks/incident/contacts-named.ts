import { defineCheck } from '../../check.ts'
import { guardExample, guardSetting } from '../../guard-settings.ts'

const contacts = ['contacts.primary_oncall', 'contacts.security_team', 'contacts.pagerduty_service'] as const

export default defineCheck({
  id: 'incident.contacts-named',
  title: 'it is written down whom to call',
  severity: 'low',
  why: 'in an incident the first hour goes into finding out who is responsible',
  source: 'hardening guide 1, incident response planning: contacts',
  needs: ['guardConfig'],
  applies: ({ guardConfig }) => guardConfig.guard !== null,
  judge: ({ guardConfig }) =>
    contacts.some((at) => typeof guardSetting(guardConfig, at) === 'string') ? [] : [{ at: 'incident-response.yaml contacts', saw: 'nobody', want: 'primary_oncall or security_team' }],
  manual: 'write `contacts: {primary_oncall: …}` into incident-response.yaml: who is on call is nothing a machine knows',
  examples: {
    pass: { somebody: guardExample({ 'incident-response.yaml': 'contacts:\n  primary_oncall: oncall@example.com\n' }) },
    fail: { nobody: guardExample({ 'config.yaml': '# nothing\n' }), 'an empty section': guardExample({ 'incident-response.yaml': 'contacts:\n' }) },
  },
})
