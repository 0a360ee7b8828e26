import { defineErrors } from '../base/index.ts'

export const isolationErrors = defineErrors({
  'isolation.needs-root': { exit: 5, http: 403, meaning: 'only root can confine another user' },
  'isolation.unsupported': { exit: 6, http: 501, meaning: 'this system or its kernel cannot do what the isolation mode needs' },
  'isolation.would-cut-off': { exit: 5, http: 409, meaning: 'the rules would cut off the operator, or the guard itself' },
  'isolation.not-applied': { exit: 1, http: 409, meaning: 'there is nothing to confirm or to undo' },
  'isolation.too-late': { exit: 1, http: 409, meaning: 'the time to confirm is over: the change was taken back' },
  'isolation.verification-failed': { exit: 1, http: 500, meaning: 'the kernel did not end up in the state that was asked for' },
})
