import { defineErrors } from '../../base/index.ts'

/** What can go wrong when the DNS filter is built or started. What it refuses is an answer, not an error. */
export const errors = defineErrors({
  'dns.listen-failed': { exit: 7, http: 500, meaning: 'the DNS filter could not open its port' },
  'dns.open-resolver': {
    exit: 3,
    http: 500,
    meaning: 'the DNS filter would answer other machines, who could use it to flood third parties',
  },
  'dns.bad-upstream': { exit: 3, http: 500, meaning: 'a server the DNS filter should ask cannot be read' },
})
