import { defineErrors } from '../base/index.ts'

export const profilesErrors = defineErrors({
  'profiles.unknown': { exit: 2, http: 404, meaning: 'there is no profile of that name' },
  'profiles.unwritable': { exit: 3, http: 422, meaning: 'a path or name of the installation cannot be written in the syntax of a profile' },
})

export type ProfilesErrorCode = keyof typeof profilesErrors
