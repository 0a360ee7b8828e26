import { existsSync, readFileSync } from 'node:fs'
import type { AdoptedProvider } from './adopted-providers.ts'
import type { Installation } from './gateway-task.ts'
import type { UserId } from './gateway-user.ts'

/** What adopting did: enough to start the installation guarded, and to take everything back. */
export interface Adoption {
  installation: Installation
  /** Who owns it and runs its gateway; `null`: our own user. */
  user: UserId | null
  gatewayPort: number
  backup: string
  sha256Before: string
  sha256After: string
  mode: number
  owner: UserId
  /** Where the installation's own providers really are; their keys lie in our drawer. */
  providers: AdoptedProvider[]
}

/** Reads the record of the installation this state guards; `null`: none was adopted. */
export function readAdoption(file: string): Adoption | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Adoption) : null
}
