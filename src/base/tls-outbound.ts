import { statSync } from 'node:fs'
import type { Agent as HttpsAgent } from 'node:https'
import { checkServerIdentity, createSecureContext, getCACertificates, type ConnectionOptions, type PeerCertificate, type SecureContext } from 'node:tls'
import { systemClock, type Clock } from './clock.ts'
import { messageOf } from './errors.ts'
import { connectorWith, OutboundAgent, type Connector } from './tls-clients.ts'
import { readTrust, type Trust } from './tls-trust.ts'

export type TlsVersion = '1.2' | '1.3'

/** `tls` of the configuration. That certificates are verified is no option. */
export interface OutboundTlsSettings {
  /** Oldest version spoken. */
  minVersion: TlsVersion
  /** Newest version offered, which is the one a server takes when it can. */
  preferredVersion: TlsVersion
  /** Path of the accepted authorities, PEM; left out: those Node carries, Mozilla's list. */
  caBundle?: string | undefined
}

/** Told when the bundle changed. `ok: false`: the new one is no good, and the authorities of before stay in force. */
export type ReportTrust = (event: { ok: boolean; reason: string }) => void

export interface OutboundTlsPorts {
  clock: Clock
  report?: ReportTrust | undefined
}

/** How every connection of ours to elsewhere is encrypted and verified. */
export interface OutboundTls {
  /** For `tls.connect`, beside host and port (and `ALPNProtocols`). To be asked for anew for each connection. */
  options(): OutboundTlsOptions
  /** `connect` of undici's Agent, Client and Pool. */
  connector(more: { timeoutMs: number }): Connector
  /** For clients that take an agent of `node:https`. */
  agent(): HttpsAgent
  /** The same for a server that other authorities vouch for. @param pem of all of them */
  withAuthorities(pem: string): OutboundTls
  /** Authorities accepted now, PEM. */
  authorities(): readonly string[]
}

export type OutboundTlsOptions = Required<Pick<ConnectionOptions, 'secureContext' | 'checkServerIdentity'>> & { rejectUnauthorized: true }

/**
 * One way to connect, for everybody. Nothing of the environment has a say: neither `NODE_TLS_REJECT_UNAUTHORIZED` nor
 * `NODE_EXTRA_CA_CERTS`, `SSL_CERT_FILE`, `OPENSSL_CONF` or `--tls-*` in `NODE_OPTIONS` changes whom we believe, because
 * authorities, versions and ciphers are all said here. A bundle that changes is read anew within a second.
 * @throws HardshellError `tls.bad-ca-bundle`, `tls.unsafe-ca-bundle`
 */
export function createOutboundTls(settings: OutboundTlsSettings = usual, ports: OutboundTlsPorts = { clock: systemClock }): OutboundTls {
  const { caBundle } = settings
  return caBundle === undefined ? fixed(settings, getCACertificates('bundled')) : followed(settings, caBundle, ports)
}

const usual: OutboundTlsSettings = { minVersion: '1.2', preferredVersion: '1.3' }

function fixed(settings: OutboundTlsSettings, authorities: readonly string[]): OutboundTls {
  let made: World | null = null // parsing 120 certificates takes some milliseconds: only when somebody connects
  return outbound(settings, () => (made ??= worldOf(settings, authorities)))
}

interface World {
  authorities: readonly string[]
  context: SecureContext
}

function worldOf(settings: OutboundTlsSettings, authorities: readonly string[]): World {
  const { minVersion, preferredVersion } = settings
  const versions = { minVersion: `TLSv${minVersion}`, maxVersion: `TLSv${preferredVersion}` } as const
  return { authorities, context: createSecureContext({ ca: [...authorities], ciphers, ...versions }) }
}

// RFC 9325, section 4.2: forward secrecy and authenticated encryption only. Level 2 refuses keys and digests below
// 112 bits (RSA under 2,048, SHA-1) wherever they stand in a chain, whatever OPENSSL_CONF says.
const ciphers = [
  'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:@SECLEVEL=2',
].join(':')

// Often enough for an operator who has just put a file there, seldom enough to cost nothing.
const lookEveryMs = 1000

function followed(settings: OutboundTlsSettings, path: string, { clock, report = () => {} }: OutboundTlsPorts): OutboundTls {
  const read = (): World => worldOf(settings, notedOutdated(readTrust(path, clock.now()), path, report))
  let world = read()
  let stamp = stampOf(path)
  let lookedAtMs = clock.monotonicMs()
  return outbound(settings, () => {
    if (clock.monotonicMs() - lookedAtMs < lookEveryMs) return world
    lookedAtMs = clock.monotonicMs()
    const now = stampOf(path)
    if (now === stamp) return world
    stamp = now
    try {
      world = read()
      report({ ok: true, reason: `tls.ca_bundle: ${path} was read anew: ${world.authorities.length} authorities` })
    } catch (error) {
      report({ ok: false, reason: `${messageOf(error)}; the authorities of before stay in force` })
    }
    return world
  })
}

function notedOutdated({ authorities, outdated }: Trust, path: string, report: ReportTrust): readonly string[] {
  if (outdated > 0) report({ ok: true, reason: `tls.ca_bundle: ${path}: ${outdated} of its authorities are out of date and left out` })
  return authorities
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat ? `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}` : 'missing'
}

function outbound(settings: OutboundTlsSettings, world: () => World): OutboundTls {
  const options = (): OutboundTlsOptions => ({ secureContext: world().context, rejectUnauthorized: true, checkServerIdentity: checkNames })
  return {
    options,
    connector: ({ timeoutMs }) => connectorWith(options, timeoutMs),
    agent: () => new OutboundAgent(options),
    withAuthorities: (pem) => fixed(settings, [pem]),
    authorities: () => world().authorities,
  }
}

/** Node's own check, which still reads a name out of the subject when a certificate names nobody else: RFC 9525, section 2, does not. */
function checkNames(host: string, certificate: PeerCertificate): Error | undefined {
  if (certificate.subjectaltname) return checkServerIdentity(host, certificate)
  return Object.assign(new Error('the certificate names no host (it has no subjectAltName)'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
}
