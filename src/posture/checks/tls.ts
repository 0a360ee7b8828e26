import type { Check } from '../check.ts'
import caddyEncrypts from './tls/caddy-encrypts.ts'
import caddyStrictTransport from './tls/caddy-strict-transport.ts'
import certificateLasts from './tls/certificate-lasts.ts'
import keyPrivate from './tls/key-private.ts'
import modernProtocols from './tls/modern-protocols.ts'
import noServerVersion from './tls/no-server-version.ts'
import plainRedirected from './tls/plain-redirected.ts'
import rateLimited from './tls/rate-limited.ts'
import requestSizeLimited from './tls/request-size-limited.ts'
import safeHeaders from './tls/safe-headers.ts'
import strictTransport from './tls/strict-transport.ts'

/** Checks of the area `tls`. */
export const tls: readonly Check[] = [
  caddyEncrypts,
  caddyStrictTransport,
  certificateLasts,
  keyPrivate,
  modernProtocols,
  noServerVersion,
  plainRedirected,
  rateLimited,
  requestSizeLimited,
  safeHeaders,
  strictTransport,
]
