import { definePlaybookCheck } from '../../playbook-check.ts'

export default definePlaybookCheck({
  id: 'incident.playbook-agent-misbehaves',
  title: 'it is written down what to do when an agent acts on its own',
  why: 'an agent under the influence of others acts faster than people who discuss whether to stop it',
  about: /agent|unexpected|rogue|injection/i,
  playbook: {
    name: 'agent_acting_unexpectedly',
    description: 'an agent does what nobody asked it to',
    steps: [
      'Run: hardshell agent disable ID --reason "acts on its own"',
      'Run: hardshell logs ID --last 24h > incident.log',
      'Read its last tool calls and what it had read before them',
      'Look for an injection in mails, pages, memory and skills it has seen',
      'Do not enable it again before the cause is known',
    ],
  },
})
