import type { Secret } from '../../base/index.ts'

/** How far a rotation has come. Each is written down before the next begins. */
export type RotationStep = 'minting' | 'minted' | 'stored' | 'reloaded' | 'validated' | 'revoked' | 'rolling-back'

/** A rotation under way, as it survives a crash. The two keys in it are sealed on disk. */
export interface RotationRecord {
  id: string
  /** Name of the secret. */
  name: string
  issuer: string
  step: RotationStep
  /** UTC, ISO 8601. */
  startedAt: string
  by: string
  oldKeyId: string | null
  newKeyId: string | null
  old: Secret
  fresh: Secret | null
  /** Set while it rolls back: why. */
  failure: string | null
  /** The person has said that the old key is ended. */
  revokedByHand: boolean
}

/** Where records outlive a crash. A record is on the disk when `save` resolves. */
export interface RotationJournal {
  /** Oldest first. @throws HardshellError `secrets.store-damaged` */
  open(): Promise<RotationRecord[]>
  save(record: RotationRecord): Promise<void>
  drop(id: string): Promise<void>
}

/** How a rotation ended, or where it waits. */
export type RotationOutcome =
  | { state: 'rotated'; name: string; detail: string }
  /** Nothing changed: the old key is in the store and works, or what somebody else put there meanwhile. */
  | { state: 'rolled-back'; name: string; detail: string }
  /** The new key is in use; a person has to end the old one, then `secrets rotate NAME --revoked`. */
  | { state: 'waiting'; name: string; detail: string }
  /** Not begun: what is missing or in the way. */
  | { state: 'refused'; name: string; detail: string }
  /** It stands where it stands: the record is kept, and the next start or call takes it up. */
  | { state: 'stuck'; name: string; detail: string }
