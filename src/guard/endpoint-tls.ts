import { isIP, type Socket } from 'node:net'
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'
import { explainTlsFailure, messageOf, type OutboundTls } from '../base/index.ts'

/** One certificate of a chain. Names are the server's own words: attacker-controlled. */
export interface CertificateFacts {
  subject: string
  issuer: string
  /** ISO 8601. */
  validFrom: string
  validTo: string
}

export interface TlsFacts {
  /** The encrypted connection; `null` when the handshake failed. */
  socket: TLSSocket | null
  /** `TLSv1.3`; `null` when it did not come that far. */
  version: string | null
  cipher: string | null
  /** From the server's own upwards; what it sent also when it was not believed. */
  chain: readonly CertificateFacts[]
  /** Why it was not believed, or `null`. */
  failure: { reason: string; hint: string } | null
}

// A certificate chain has three links; longer ones are somebody's mistake.
const maxChain = 8

/** Shakes hands over an open connection, by the rules every connection of ours is made by, and tells what was seen. */
export function handshake(socket: Socket, { host, port }: { host: string; port: number }, { tls, timeoutMs }: { tls: OutboundTls; timeoutMs: number }): Promise<TlsFacts> {
  return new Promise((resolve) => {
    const seen: Pick<TlsFacts, 'version' | 'cipher' | 'chain'> = { version: null, cipher: null, chain: [] }
    const encrypted = connect({ socket, host, ...(isIP(host) === 0 && { servername: host }), ...tls.options() })
    const fail = (error: unknown): void => {
      clearTimeout(timer)
      encrypted.destroy()
      const failure = explainTlsFailure(error) ?? { reason: messageOf(error), hint: `is this a TLS port? openssl s_client -connect ${host}:${port} -servername ${host} shows what the server says` }
      resolve({ socket: null, ...seen, failure })
    }
    const timer = setTimeout(() => fail(new Error(`no handshake within ${timeoutMs} ms`)), timeoutMs)
    // Comes before Node verifies and, where it does not believe, hangs up: the only moment to see what was not believed.
    encrypted.prependListener('secure', () => {
      seen.version = encrypted.getProtocol()
      seen.cipher = encrypted.getCipher()?.name ?? null
      seen.chain = chainOf(encrypted.getPeerCertificate(true))
    })
    encrypted.once('secureConnect', () => {
      clearTimeout(timer)
      resolve({ socket: encrypted, ...seen, failure: null })
    })
    encrypted.on('error', fail)
  })
}

function chainOf(first: DetailedPeerCertificate): CertificateFacts[] {
  const chain: CertificateFacts[] = []
  for (let at: DetailedPeerCertificate | undefined = first; at?.subject && chain.length < maxChain; at = at.issuerCertificate === at ? undefined : at.issuerCertificate) {
    chain.push({ subject: nameOf(at.subject), issuer: nameOf(at.issuer), validFrom: isoOf(at.valid_from), validTo: isoOf(at.valid_to) })
  }
  return chain
}

function nameOf({ CN, O }: { CN?: string | string[]; O?: string | string[] }): string {
  const first = (value: string | string[] | undefined): string => (Array.isArray(value) ? (value[0] ?? '') : (value ?? ''))
  return (first(CN) || first(O) || 'no name').slice(0, 200)
}

function isoOf(text: string): string {
  const at = Date.parse(text)
  return Number.isNaN(at) ? 'unknown' : new Date(at).toISOString()
}
