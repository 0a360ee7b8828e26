import { explainTlsFailure, type HardshellError } from '../../base/index.ts'
import { badAnswer, denied, timedOut, unreachable } from '../failures.ts'

/** The name of the store in messages. */
export const awsName = 'AWS Secrets Manager'

/**
 * Turns a failure of Amazon's client into one of ours. Its own error is dropped: it carries the request, signature
 * included. Source of the names: AWS Secrets Manager API reference, "Errors" and "Common errors".
 * @param what was asked: `to read openclaw/prod/key`
 */
export function awsFailure(error: unknown, what: string, timeoutMs: number): HardshellError {
  const { name, code, $metadata } = error as { name?: string; code?: unknown; $metadata?: { httpStatusCode?: number } }
  const status = $metadata?.httpStatusCode ?? 0
  const distrust = explainTlsFailure(error)
  if (distrust) return unreachable(awsName, `${distrust.reason}; ${distrust.hint}`)
  if (name === 'AbortError' || name === 'TimeoutError') return timedOut(awsName, timeoutMs)
  if (name === 'CredentialsProviderError') {
    return denied(awsName, `${what}: no AWS credentials were found`, 'aws sts get-caller-identity, as the user of the guard')
  }
  if (status >= 500 || transient.has(name ?? '')) return unreachable(awsName, `HTTP ${status}, ${name ?? 'unknown'}`)
  if (status === 401 || status === 403 || refusals.has(name ?? '')) {
    return denied(awsName, `${what} (${plain(name)})`, 'look at the IAM policy of the guard and at that of the secret')
  }
  if (status === 0) return unreachable(awsName, plain(typeof code === 'string' ? code : name))
  return badAnswer(awsName, `answered HTTP ${status} (${plain(name)}) when asked ${what}`)
}

/** Names of errors come off the wire. */
function plain(name: string | undefined): string {
  return name !== undefined && /^[A-Za-z_]{1,60}$/.test(name) ? name : 'an error without a name'
}

const transient = new Set([
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'InternalServiceError',
  'ServiceUnavailable',
])

const refusals = new Set([
  'AccessDeniedException',
  'AccessDenied',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignature',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'ExpiredToken',
  'ExpiredTokenException',
  'NotAuthorized',
  'OptInRequired',
  'DecryptionFailure',
  'EncryptionFailure',
])
