import type { SecretPattern } from './pattern.ts'
import { ai } from './patterns/ai.ts'
import { aws } from './patterns/aws.ts'
import { azure } from './patterns/azure.ts'
import { carriers } from './patterns/carriers.ts'
import { chat } from './patterns/chat.ts'
import { databases } from './patterns/databases.ts'
import { google } from './patterns/google.ts'
import { hosting } from './patterns/hosting.ts'
import { keys } from './patterns/keys.ts'
import { messages } from './patterns/messages.ts'
import { observing } from './patterns/observing.ts'
import { own } from './patterns/own.ts'
import { packages } from './patterns/packages.ts'
import { payments } from './patterns/payments.ts'
import { sourceCode } from './patterns/source-code.ts'
import { vaults } from './patterns/vaults.ts'
import { work } from './patterns/work.ts'

/** Every pattern, family by family. To add a family: one file, one import, one line here, both in order. */
export const registry: readonly SecretPattern[] = [
  ...ai,
  ...aws,
  ...azure,
  ...carriers,
  ...chat,
  ...databases,
  ...google,
  ...hosting,
  ...keys,
  ...messages,
  ...observing,
  ...own,
  ...packages,
  ...payments,
  ...sourceCode,
  ...vaults,
  ...work,
]
