import { defineErrors } from '../base/index.ts'

export const cliErrors = defineErrors({
  'cli.usage': { exit: 2, http: 400, meaning: 'the command or one of its options was not understood' },
  'cli.tool-missing': { exit: 6, http: 500, meaning: 'a program of the system that the command needs is not installed' },
})
