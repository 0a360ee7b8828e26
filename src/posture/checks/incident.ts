import type { Check } from '../check.ts'
import contactsNamed from './incident/contacts-named.ts'
import playbookAgentMisbehaves from './incident/playbook-agent-misbehaves.ts'
import playbookDataBreach from './incident/playbook-data-breach.ts'
import playbookKeyLeaked from './incident/playbook-key-leaked.ts'

export const incident: readonly Check[] = [
  contactsNamed,
  playbookAgentMisbehaves,
  playbookDataBreach,
  playbookKeyLeaked,
]
