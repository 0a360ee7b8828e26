import type { Check } from '../check.ts'
import appsOff from './mcp/apps-off.ts'
import certificatesChecked from './mcp/certificates-checked.ts'
import encrypted from './mcp/encrypted.ts'
import packagesPinned from './mcp/packages-pinned.ts'
import programOutOfReach from './mcp/program-out-of-reach.ts'
import secretsElsewhere from './mcp/secrets-elsewhere.ts'
import toolsChosen from './mcp/tools-chosen.ts'

export const mcp: readonly Check[] = [appsOff, certificatesChecked, encrypted, packagesPinned, programOutOfReach, secretsElsewhere, toolsChosen]
