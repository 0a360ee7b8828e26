import { defineErrors } from '../base/index.ts'

export const openclawErrors = defineErrors({
  'openclaw.not-found': { exit: 6, http: 503, meaning: 'no OpenClaw program was found, or it could not be run' },
  'openclaw.config-unreadable': { exit: 3, http: 500, meaning: 'openclaw.json cannot be read or edited safely' },
  'openclaw.agent-id-reserved': { exit: 3, http: 500, meaning: 'an agent of openclaw.json has an id under which the guard keeps a sandbox of its own' },
  'openclaw.rpc-failed': { exit: 4, http: 502, meaning: 'the gateway refused a request of ours or did not answer it in time' },
  'openclaw.start-failed': { exit: 6, http: 503, meaning: 'the gateway ended, or did not become ready in time' },
})
