import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJson5, valueAt } from '../../src/openclaw/index.ts'
import type { Installation } from '../journeys/installation.ts'

/** What somebody who can read the gateway's configuration knows. */
export function knownToGateway({ state }: Installation): { gatewayToken: string; virtualKey: string; probeKey: string } {
  const config = readJson5(readFileSync(join(state, 'openclaw/config/openclaw.json'), 'utf8'))
  const at = (...keys: string[]): string => String(valueAt(config, keys))
  return {
    gatewayToken: at('gateway', 'auth', 'token'),
    virtualKey: at('models', 'providers', 'openai', 'apiKey'),
    probeKey: at('models', 'providers', 'hardshell-probe', 'apiKey'),
  }
}
