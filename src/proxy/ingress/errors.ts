import { defineErrors } from '../../base/index.ts'

/** What can go wrong when the front door is built or opened. What it refuses is a value, not an error. */
export const errors = defineErrors({
  'ingress.bad-origin': { exit: 3, http: 500, meaning: 'a public origin is not scheme, host and port alone' },
  'ingress.bad-cidr': { exit: 3, http: 500, meaning: 'an address range of the allowed peers cannot be read' },
  'ingress.listen-failed': { exit: 7, http: 500, meaning: 'the front door could not open its port' },
})
