import { defineErrors } from '../base/index.ts'

export const incidentErrors = defineErrors({
  'incident.bad-address': { exit: 2, http: 400, meaning: 'what is to stay reachable is not an address or a network' },
  'incident.needs-root': { exit: 5, http: 403, meaning: 'only root may change the packet filter' },
  'incident.unsupported': { exit: 6, http: 501, meaning: 'this system or its kernel cannot shut the network this way' },
  'incident.not-locked-down': { exit: 1, http: 409, meaning: 'there is no lockdown that could stay' },
  'incident.lockdown-failed': { exit: 1, http: 500, meaning: 'the kernel did not end up in the state that was asked for' },
})
