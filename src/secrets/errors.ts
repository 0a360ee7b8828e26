import { defineErrors } from '../base/index.ts'

export const secretsErrors = defineErrors({
  'secrets.bad-name': { exit: 2, http: 400, meaning: 'what was given is not a name for a secret' },
  'secrets.bad-reference': {
    exit: 3,
    http: 500,
    meaning: 'a setting holds a dollar sign that is no reference to a secret',
  },
  'secrets.missing': { exit: 3, http: 503, meaning: 'a setting refers to a secret that is nowhere to be found' },
  'secrets.unsafe-file': {
    exit: 3,
    http: 503,
    meaning: 'a file with a secret in it can be read or changed by everybody',
  },
  'secrets.unreadable-file': {
    exit: 3,
    http: 503,
    meaning: 'a file that should hold a secret is missing, cannot be read or holds none',
  },
  'secrets.store-damaged': {
    exit: 7,
    http: 503,
    meaning: 'the local secret store or its key is damaged, or they do not belong together',
  },
  'secrets.store-failed': { exit: 7, http: 503, meaning: 'the local secret store cannot be read or written' },
  'secrets.store-locked': { exit: 7, http: 503, meaning: 'another process is changing the local secret store' },
})
