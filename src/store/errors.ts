import { defineErrors } from '../base/index.ts'

export const storeErrors = defineErrors({
  'store.cannot-open': { exit: 7, http: 503, meaning: 'the state database cannot be created, opened or read' },
  'store.newer-schema': {
    exit: 3,
    http: 503,
    meaning: 'the state database was written by a newer version of Hardshell',
  },
  'store.history-changed': {
    exit: 70,
    http: 503,
    meaning: 'a migration that was already applied reads differently now',
  },
  'store.migration-failed': { exit: 70, http: 503, meaning: 'a migration could not be applied; nothing was changed' },
})
