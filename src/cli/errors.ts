import { defineErrors } from '../base/index.ts'

export const cliErrors = defineErrors({
  'cli.usage': { exit: 2, http: 400, meaning: 'the command or one of its options was not understood' },
})
