import type { SecretPattern } from './pattern.ts'
import { ai } from './patterns/ai.ts'
import { aws } from './patterns/aws.ts'
import { azure } from './patterns/azure.ts'
import { building } from './patterns/building.ts'
import { carriers } from './patterns/carriers.ts'
import { chat } from './patterns/chat.ts'
import { commands } from './patterns/commands.ts'
import { commerce } from './patterns/commerce.ts'
import { databases } from './patterns/databases.ts'
import { files } from './patterns/files.ts'
import { google } from './patterns/google.ts'
import { hosting } from './patterns/hosting.ts'
import { keys } from './patterns/keys.ts'
import { messages } from './patterns/messages.ts'
import { observing } from './patterns/observing.ts'
import { own } from './patterns/own.ts'
import { packages } from './patterns/packages.ts'
import { payments } from './patterns/payments.ts'
import { social } from './patterns/social.ts'
import { sourceCode } from './patterns/source-code.ts'
import { spoken } from './patterns/spoken.ts'
import { vaults } from './patterns/vaults.ts'
import { vendors } from './patterns/vendors.ts'
import { work } from './patterns/work.ts'

/** Every pattern, family by family. To add a family: one file, one import, one line here, both in order. */
export const registry: readonly SecretPattern[] = [
  ...ai,
  ...aws,
  ...azure,
  ...building,
  ...carriers,
  ...chat,
  ...commands,
  ...commerce,
  ...databases,
  ...files,
  ...google,
  ...hosting,
  ...keys,
  ...messages,
  ...observing,
  ...own,
  ...packages,
  ...payments,
  ...social,
  ...sourceCode,
  ...spoken,
  ...vaults,
  ...vendors,
  ...work,
]
