import { defineErrors } from '../base/index.ts'

/** What can go wrong when a program talks to an agent through the guard. */
export const sdkErrors = defineErrors({
  'sdk.not-connected': { exit: 3, http: 500, meaning: 'nothing says where the guard is, or its token is missing' },
  'sdk.insecure-address': { exit: 3, http: 500, meaning: 'the token would travel in clear text to another machine' },
  'sdk.unreachable': { exit: 4, http: 502, meaning: 'nobody answers at the guard’s address' },
  'sdk.timeout': { exit: 4, http: 504, meaning: 'the agent did not finish, or fell silent, within timeoutMs' },
  'sdk.refused': { exit: 5, http: 403, meaning: 'the guard or the gateway refused the request' },
  'sdk.bad-answer': { exit: 7, http: 502, meaning: 'the answer is not a chat completion, is too large or was cut off' },
})

export type SdkErrorCode = keyof typeof sdkErrors
