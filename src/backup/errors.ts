import { defineErrors } from '../base/index.ts'

export const backupErrors = defineErrors({
  'backup.snapshot-unknown': { exit: 2, http: 404, meaning: 'there is no snapshot of that name' },
  'backup.snapshot-damaged': { exit: 7, http: 500, meaning: 'a snapshot is not what was kept, or cannot be read or written: nothing is put back from it' },
  'backup.not-restored': { exit: 7, http: 500, meaning: 'a snapshot could not be put back whole, and everything is as it was before' },
  'backup.busy': { exit: 5, http: 409, meaning: 'another program is keeping or restoring a snapshot of this installation' },
})
