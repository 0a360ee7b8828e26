import { attestationsPath, readAttestations, type Attestation } from '../attestations.ts'
import type { FactReader } from '../subject.ts'

/** What people vouch for in this installation. */
export interface AttestedFacts {
  /** Every one ever made, those taken back included. */
  list: readonly Attestation[]
  /** When it was read, milliseconds since 1970. */
  now: number
}

export const attested: FactReader<AttestedFacts> = {
  async read({ files, guard, now }, ask) {
    await ask('guardConfig')
    return { list: guard === null ? [] : readAttestations(await files.text(attestationsPath(guard.stateDir))), now }
  },
}
