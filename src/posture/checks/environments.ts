import type { Check } from '../check.ts'
import noTestAgents from './environments/no-test-agents.ts'
import secretsNotShared from './environments/secrets-not-shared.ts'
import workspaceNotShared from './environments/workspace-not-shared.ts'

export const environments: readonly Check[] = [
  noTestAgents,
  secretsNotShared,
  workspaceNotShared,
]
