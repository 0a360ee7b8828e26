import { defineErrors } from '../base/index.ts'

export const hostErrors = defineErrors({
  'host.program-missing': { exit: 6, http: 500, meaning: 'a program of the system that is needed is not installed' },
  'host.command-failed': { exit: 7, http: 500, meaning: 'a program of the system refused what it was told to do' },
  'host.unreadable': { exit: 7, http: 500, meaning: 'a file or program of the machine could not be read or asked' },
})
