/**
 * Secrets come from where the operator already keeps them: a file, the environment, systemd, Docker, or the encrypted
 * store of this machine. The room finds them by name, hands them out as `Secret` and sees to it that no child process
 * inherits one. It promises that no error, list or message of its own ever contains a value.
 */
export { createSecrets, type FoundSecret, type SecretOptions, type Secrets } from './lookup.ts'
export { openLocalStore, type LocalStore, type StoredName } from './local-store.ts'
export { childEnvironment, looksLikeCredential, scrubEnvironment, type Environment } from './environment.ts'
export { secretsErrors } from './errors.ts'
