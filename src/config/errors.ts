import { defineErrors } from '../base/index.ts'

/** What this room throws. Mistakes inside files are `Problem`s, not errors, until `requireConfig` is asked. */
export const configErrors = defineErrors({
  'config.missing': {
    exit: 3,
    http: 500,
    meaning: 'the configuration directory that was named does not exist or holds none of our files',
  },
  'config.unreadable': {
    exit: 3,
    http: 500,
    meaning: 'a directory that may hold the configuration cannot be looked into',
  },
  'config.invalid': { exit: 3, http: 500, meaning: 'the configuration has mistakes; the message lists all of them' },
})

export type ConfigErrorCode = keyof typeof configErrors
