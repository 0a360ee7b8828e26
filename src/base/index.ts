/**
 * The ground everybody stands on: time, money, addresses, secrets, errors, files that are whole or absent.
 * Nothing in here knows what Hardshell is for, and nothing in here keeps state.
 */
export { isFileLocked, takeFileLock, type FileLock, type FileLockHolder } from './file-lock.ts'
export { checkDigits } from './check-digits.ts'
export { systemClock, type Clock } from './clock.ts'
export { formatDuration, parseDuration } from './duration.ts'
export { HardshellError, defineErrors, isNodeError, messageOf, type ErrorRow } from './errors.ts'
export { formatMoney, parseMoney, type MicroUsd } from './money.ts'
export { isRecord } from './is-record.ts'
export { lineEdits, type LineEdit } from './line-edits.ts'
export { nearest } from './nearest.ts'
export { nonce, randomId, systemRandom, type Random } from './random.ts'
export { Secret } from './secret.ts'
export { writeFileAtomic } from './atomic-file.ts'
export { readIfThere } from './text-file.ts'
export { formatListen, isLoopback, isPublicAddress, normaliseHost, parseListen, type Listen } from './address.ts'
export { enforceTlsEnvironment } from './tls-environment.ts'
export { tlsErrors } from './tls-errors.ts'
export { explainTlsFailure, type TlsFailure, type TlsFailureKind } from './tls-failure.ts'
export { createOutboundTls, type OutboundTls, type OutboundTlsOptions, type OutboundTlsPorts, type OutboundTlsSettings, type ReportTrust, type TlsVersion } from './tls-outbound.ts'
