import agentsListed from './hooks/agents-listed.ts'
import defaultSessionSet from './hooks/default-session-set.ts'
import mailNotPublic from './hooks/mail-not-public.ts'
import mailWrapped from './hooks/mail-wrapped.ts'
import ownFoldersOnly from './hooks/own-folders-only.ts'
import ownToken from './hooks/own-token.ts'
import pathOfTheirOwn from './hooks/path-of-their-own.ts'
import payloadsWrapped from './hooks/payloads-wrapped.ts'
import sessionChosenHere from './hooks/session-chosen-here.ts'
import sessionPrefixes from './hooks/session-prefixes.ts'
import tokenStrong from './hooks/token-strong.ts'

export const hooks = [
  agentsListed,
  defaultSessionSet,
  mailNotPublic,
  mailWrapped,
  ownFoldersOnly,
  ownToken,
  pathOfTheirOwn,
  payloadsWrapped,
  sessionChosenHere,
  sessionPrefixes,
  tokenStrong,
]
