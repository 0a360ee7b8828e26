import { defineErrors } from '../../base/index.ts'

/** What can go wrong when the egress proxy is built or started. What it refuses is a value, not an error. */
export const errors = defineErrors({
  'egress.bad-host-rule': {
    exit: 3,
    http: 500,
    meaning: 'an entry of allowed_hosts, denied_hosts or allow_private cannot be read',
  },
  'egress.bad-authority': { exit: 3, http: 500, meaning: 'the authority for inspected connections is damaged, or open to others' },
  'egress.no-authority': { exit: 1, http: 404, meaning: 'no connection is inspected, so there is no authority for it' },
  'egress.listen-failed': { exit: 7, http: 500, meaning: 'the egress proxy could not open its port' },
})
