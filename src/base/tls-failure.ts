/** Why a server was not believed, for the log and for a person. */
export interface TlsFailure {
  kind: TlsFailureKind
  /** One sentence without the server's own words. */
  reason: string
  /** What to do next. */
  hint: string
}

export type TlsFailureKind = keyof typeof failures

/**
 * Puts a failed handshake into words, from whatever wraps it.
 * @returns `null` when the connection failed for another reason: nobody listens, no route, too slow
 */
export function explainTlsFailure(error: unknown): TlsFailure | null {
  for (let at = error, depth = 0; at instanceof Error && depth < maxDepth; at = at.cause, depth++) {
    const kind = kindOf(at)
    if (kind !== null) return { kind, ...failures[kind] }
  }
  return null
}

// Ours around undici's around Node's around OpenSSL's: more are a circle.
const maxDepth = 6

// Names of X509_V_ERR_* without their prefix, as Node gives them. Source: openssl-verification-options(1).
const kinds: Readonly<Record<string, TlsFailureKind>> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT: 'unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown-authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown-authority',
  CERT_UNTRUSTED: 'unknown-authority',
  CERT_REJECTED: 'unknown-authority',
  CERT_SIGNATURE_FAILURE: 'forged',
  INVALID_CA: 'forged',
  PATH_LENGTH_EXCEEDED: 'forged',
  CERT_CHAIN_TOO_LONG: 'forged',
  INVALID_PURPOSE: 'purpose',
  HOSTNAME_MISMATCH: 'wrong-name',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong-name',
}

/** What Node gives no code of its own for, or sometimes EPROTO, by OpenSSL's words. */
const words: readonly (readonly [RegExp, TlsFailureKind])[] = [
  [/alert protocol version|unsupported protocol|unknown protocol/i, 'old-version'],
  [/wrong version number|http request|packet length too long/i, 'not-tls'],
  [/key usage does not include certificate signing|invalid ca certificate|certificate signature failure/i, 'forged'],
  [/subtree violation|name constraint/i, 'constraint'],
  [/(key|md|digest).*too (weak|small)|insufficient security/i, 'weak'],
  [/handshake failure|no protocols available|no ciphers|wrong cipher/i, 'weak'],
  [/^client network socket disconnected before secure tls connection/i, 'broken-off'],
]

function kindOf(error: Error): TlsFailureKind | null {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (kinds[code]) return kinds[code]
  const byWords = words.find(([pattern]) => pattern.test(error.message))
  if (byWords) return byWords[1]
  return code.startsWith('ERR_SSL_') || error.message.includes(':SSL routines:') ? 'handshake' : null
}

const trustIt = 'if this is meant, put the certificate of its authority (PEM) into the file tls.ca_bundle names'

const failures = {
  expired: { reason: 'its certificate, or one of its chain, has expired', hint: 'the certificate has to be renewed on the server; date tells whether this clock is right' },
  'not-yet-valid': { reason: 'its certificate is not valid yet', hint: 'date: is the clock of this machine right?' },
  'self-signed': { reason: 'its certificate is self-signed: nobody we trust vouches for it', hint: trustIt },
  'unknown-authority': { reason: 'its certificate was issued by an authority we do not trust, or its chain is incomplete', hint: trustIt },
  forged: { reason: 'its chain of certificates does not hold: a signature or an issuer in it is wrong', hint: 'somebody may stand in between; do not trust this server' },
  purpose: { reason: 'its certificate was not issued for servers', hint: 'the server needs a certificate with the purpose serverAuth' },
  'wrong-name': { reason: 'its certificate is for another name', hint: 'use a name the certificate holds as subjectAltName; an address needs one of its own' },
  constraint: { reason: 'its authority is not allowed to vouch for this name', hint: 'the name constraints of the authority exclude it: it needs a certificate of another authority' },
  weak: { reason: 'it offers weak keys or ciphers only', hint: 'it needs ECDHE with AES-GCM or ChaCha20, and keys of 2,048 bits (RSA) or 256 bits (ECDSA)' },
  'old-version': { reason: 'it speaks only a TLS version older (or newer) than we accept', hint: 'TLS 1.2 is the least; see tls.min_version and tls.preferred_version in config.yaml' },
  'not-tls': { reason: 'it does not speak TLS on this port', hint: 'is the port right?' },
  handshake: { reason: 'the TLS handshake failed', hint: 'openssl s_client -connect HOST:PORT -servername HOST shows what the server says' },
  'broken-off': { reason: 'it hung up during the TLS handshake', hint: 'openssl s_client -connect HOST:PORT -servername HOST shows what the server says' },
} as const
