import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer, type ServerOptions } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { TlsFailureKind } from '../../src/base/index.ts'
import { createAuthority, issuedBy, selfSigned, type Identity } from './certificates.ts'

/** The authorities of one run: what `tls.ca_bundle` would hold, and who stands beside it. */
const trusted = createAuthority()
const elsewhere = createAuthority('authority of others', { only: ['elsewhere.example'] })
const limited = createAuthority('limited authority', { only: ['localhost'] })
const expired = createAuthority('expired authority', { fromDays: -20, toDays: -1 })
const stranger = createAuthority('unknown authority')

/** Everybody a client of these tests trusts, the one whose time is over included. */
export const trustedPem = [trusted, elsewhere, limited, expired].map(({ cert }) => cert).join('')

/** What an origin is called: all of them listen on loopback. */
const names = ['localhost', '127.0.0.1']

export interface OriginKind {
  what: string
  options(): ServerOptions
  /** Why it is refused; `null`: it is a good one. */
  refused: TlsFailureKind | null
}

const good = (): Identity => trusted.issue({ names })
const weakest = 'DEFAULT@SECLEVEL=0'

/** One origin for everything that can be right or wrong. Source of the list: the sites of badssl.com, by kind. */
export const originKinds: readonly OriginKind[] = [
  { what: 'good, TLS 1.3', options: good, refused: null },
  { what: 'good, TLS 1.2', options: () => ({ ...good(), maxVersion: 'TLSv1.2' }), refused: null },
  { what: 'good, RSA of 2048 bits', options: () => trusted.issue({ names, rsaBits: 2048 }), refused: null },
  { what: 'good, of an authority limited to its name', options: () => limited.issue({ names: ['localhost'] }), refused: null },
  { what: 'expired', options: () => trusted.issue({ names, fromDays: -10, toDays: -1 }), refused: 'expired' },
  { what: 'not yet valid', options: () => trusted.issue({ names, fromDays: 1 }), refused: 'not-yet-valid' },
  { what: 'of an expired authority', options: () => expired.issue({ names }), refused: 'unknown-authority' },
  { what: 'self-signed', options: () => selfSigned({ names }), refused: 'self-signed' },
  { what: 'of an unknown authority', options: () => stranger.issue({ names }), refused: 'unknown-authority' },
  { what: 'of an unknown authority that sends itself along', options: () => withChain(stranger.issue({ names }), stranger.cert), refused: 'unknown-authority' },
  { what: 'for another name', options: () => trusted.issue({ names: ['other.example'] }), refused: 'wrong-name' },
  { what: 'for another address', options: () => trusted.issue({ names: ['127.0.0.2'] }), refused: 'wrong-name' },
  { what: 'with the name in its subject only', options: () => trusted.issue({ subject: 'localhost' }), refused: 'wrong-name' },
  { what: 'outside the names its authority may vouch for', options: () => elsewhere.issue({ names }), refused: 'constraint' },
  { what: 'issued by a server', options: () => issuedBy(trusted.issue({ subject: 'a server', names }), 'a server', { names }), refused: 'forged' },
  { what: 'for clients', options: () => trusted.issue({ names, usage: 'client' }), refused: 'purpose' },
  { what: 'with an RSA key of 1024 bits', options: () => ({ ...trusted.issue({ names, rsaBits: 1024 }), ciphers: weakest }), refused: 'weak' },
  { what: 'without forward secrecy', options: () => ({ ...trusted.issue({ names, rsaBits: 2048 }), maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' }), refused: 'weak' },
  { what: 'that speaks TLS 1.1', options: () => ({ ...good(), minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: weakest }), refused: 'old-version' },
  { what: 'that speaks TLS 1.0', options: () => ({ ...good(), minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: weakest }), refused: 'old-version' },
]

function withChain(identity: Identity, chain: string): Identity {
  return { ...identity, cert: identity.cert + chain }
}

/** An origin on loopback, and what got past its handshake. */
export interface TlsOrigin {
  port: number
  requests: IncomingMessage[]
  close(): Promise<void>
}

/** @param answer left out: `ok` to everything */
export async function openTlsOrigin(options: ServerOptions, answer: RequestListener = (_, reply) => void reply.end('ok')): Promise<TlsOrigin> {
  const requests: IncomingMessage[] = []
  const open = new Set<Socket>()
  const server = createServer(options, (request, reply) => {
    requests.push(request)
    answer(request, reply)
  })
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

/** A good origin, called by these names. */
export function goodOrigin(...called: string[]): Identity {
  return trusted.issue({ names: called })
}
