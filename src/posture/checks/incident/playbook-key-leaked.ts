import { definePlaybookCheck } from '../../playbook-check.ts'

export default definePlaybookCheck({
  id: 'incident.playbook-key-leaked',
  title: 'it is written down what to do when a key has leaked',
  why: 'a leaked key is used within minutes; nobody then has time to find out who can end it',
  about: /key|credential|token|secret/i,
  playbook: {
    name: 'api_key_compromised',
    description: 'a key, token or password is in hands it should not be in',
    steps: [
      'Run: hardshell secrets rotate NAME',
      'Run: hardshell audit search --api-key-prefix PREFIX --last 30d',
      'Look through every run that used the key, and through the bill of the provider',
      'Find out how it leaked, and add the check that would have told',
      'Write the report within 24 hours',
    ],
  },
})
