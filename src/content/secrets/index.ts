/** Finding and redacting secrets, alone: an audit that only looks for keys must not load what judges conversations. */
export { findSecrets, pendingSecretLength, redactSecrets, secretPatterns } from './find.ts'
export { secretsPossible } from './possible.ts'
export { createStreamRedactor, type Redacted, type StreamRedactor } from './stream.ts'
export { createKnownValues, type KeyedDigest, type KnownValues } from './known.ts'
export type { Finding } from './detect.ts'
export type { SecretPattern } from './pattern.ts'
