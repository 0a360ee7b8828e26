import { defineErrors } from '../base/index.ts'

export const sandboxErrors = defineErrors({
  'sandbox.unavailable': { exit: 6, http: 503, meaning: 'this machine cannot build the sandbox: a program or a kernel feature is missing' },
  'sandbox.failed': { exit: 7, http: 500, meaning: 'the sandbox could not be set up or did not start' },
  'sandbox.refused': { exit: 5, http: 403, meaning: 'the sandbox server refused a call: unknown agent, too many at once, or not our language' },
})
