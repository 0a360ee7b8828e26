import { definePlaybookCheck } from '../../playbook-check.ts'

export default definePlaybookCheck({
  id: 'incident.playbook-data-breach',
  title: 'it is written down what to do when data may have left',
  why: 'duties to tell run in hours (GDPR: 72), and evidence is lost by whoever tidies up first',
  about: /breach|leak|exfil|data/i,
  playbook: {
    name: 'data_breach_suspected',
    description: 'data may have reached somebody it was not meant for',
    steps: [
      'Run: hardshell pause --all --reason "data may have left"',
      'Run: hardshell audit verify',
      'Copy log and state to a place nobody tidies up',
      'Call the security team; keep chat channels out of it',
      'Bring in legal advice where data of customers may be concerned',
      'Work through egress and model entries of the log from the first odd one on',
    ],
  },
})
