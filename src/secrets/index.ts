/**
 * Secrets come from where the operator already keeps them: a file, the environment, systemd, Docker, the keychain,
 * Vault, AWS, or the encrypted store of this machine. The room finds them by name, hands them out as `Secret`, keeps
 * what it needs for an outage of a store, and sees to it that no child process inherits one. It promises that no error,
 * list, event or message of its own ever contains a value or a token, and that nothing waits for a store without end.
 */
export { createSecrets, type SecretOptions, type SecretPorts, type Secrets } from './lookup.ts'
export { openLocalStore, type LocalStore } from './local-store.ts'
export {
  type LeasedSecret,
  type SecretStore,
  type SecretVersion,
  type StoredName,
  type StoredSecret,
  type StoreHealth,
  type StoreKind,
} from './store.ts'
export { type ReportSecretEvent, type SecretEvent, type StaleSecret } from './remembered.ts'
export { type UsageRecord } from './usage.ts'
export { type SecretsSettings } from './settings.ts'
export { childEnvironment, looksLikeCredential, scrubEnvironment, type Environment } from './environment.ts'
export { answerExec, type ExecDecision, type ExecPorts, type ExecRules } from './exec-answer.ts'
export { generateSecret } from './generate.ts'
export { takeInventory, type InventoryRow } from './inventory.ts'
export { cleanResidue, undoResidue, type CleanedFile } from './residue/clean.ts'
export { findResidue, type ResidueFile, type ResidueFinders } from './residue/find.ts'
export { residuePlaces, type ResiduePlace } from './residue/places.ts'
export { mayUse, type ScopeDecision, type SecretScope, type SecretUser } from './scope.ts'
export { strengthOf, type Strength } from './strength.ts'
export { confirmRevoked, resume, rotate, type RotationPorts, type RotationRequest } from './rotation/rotate.ts'
export type { RotationJournal, RotationOutcome } from './rotation/record.ts'
export { createRotationJournal } from './rotation/journal.ts'
export { issuerOf } from './rotation/issuer-of.ts'
export { adminHttp } from './rotation/issuers/admin-http.ts'
export type { KeyIssuer, KeyVerdict } from './rotation/issuer.ts'
export { secretsErrors } from './errors.ts'
