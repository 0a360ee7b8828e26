import type { Check } from '../check.ts'
import guestsHaveOwnAgent from './agents/guests-have-own-agent.ts'
import oneDefault from './agents/one-default.ts'
import sessionsApart from './agents/sessions-apart.ts'
import spawnTargetsNamed from './agents/spawn-targets-named.ts'
import workspacesApart from './agents/workspaces-apart.ts'

export const agents: readonly Check[] = [guestsHaveOwnAgent, oneDefault, sessionsApart, spawnTargetsNamed, workspacesApart]
