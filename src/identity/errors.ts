import { defineErrors } from '../base/index.ts'

export const identityErrors = defineErrors({
  'identity.bad-token-entry': {
    exit: 3,
    http: 500,
    meaning: 'a token in the settings has no usable digest, or shares one with another',
  },
  'identity.bad-agent-id': { exit: 2, http: 400, meaning: 'what was given is not an agent id' },
  'identity.kill-switch-failed': { exit: 7, http: 503, meaning: 'the kill switch could not be read or changed' },
})
