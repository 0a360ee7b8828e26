import type { Check } from '../check.ts'
import cleanedUp from './sessions/cleaned-up.ts'
import groupsApart from './sessions/groups-apart.ts'
import peopleApart from './sessions/people-apart.ts'
import resetsDeleted from './sessions/resets-deleted.ts'
import transcriptsNotSearched from './sessions/transcripts-not-searched.ts'

export const sessions: readonly Check[] = [cleanedUp, groupsApart, peopleApart, resetsDeleted, transcriptsNotSearched]
