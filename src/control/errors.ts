import { defineErrors } from '../base/index.ts'

export const controlErrors = defineErrors({
  'control.unreachable': { exit: 4, http: 503, meaning: 'no guard is running there, or its socket belongs to another user' },
  'control.unknown-route': { exit: 70, http: 404, meaning: 'command line and guard are of different versions' },
  'control.bad-request': { exit: 2, http: 400, meaning: 'a request to the guard was malformed' },
  'control.failed': { exit: 70, http: 500, meaning: 'the guard failed while it answered' },
})
