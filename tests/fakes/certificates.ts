import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import {
  authorityKeyId,
  basicConstraints,
  extendedKeyUsage,
  keyUsage,
  nameConstraints,
  signCertificate,
  subjectAltNames,
  subjectKeyId,
} from '../../src/proxy/egress/inspect/certificate.ts'

/** A certificate and its key, PEM. Made anew at each run: none lies in the repository. */
export interface Identity {
  cert: string
  key: string
}

/** An authority that issues what a test asks for. */
export interface Authority extends Identity {
  issue(wanted: Wanted): Identity
}

export interface Wanted {
  /** DNS names and addresses; left out: none, only the CN. */
  names?: readonly string[]
  /** CN of the subject; left out: `origin`. */
  subject?: string
  /** Days from now; default -1 and 30. */
  fromDays?: number
  toDays?: number
  /** Bits of an RSA key; left out: ECDSA P-256. */
  rsaBits?: number
  /** Left out: for servers. */
  usage?: 'server' | 'client'
}

const dayMs = 86_400_000

/** An authority that vouches for itself. @param more.only domains it may vouch for; left out: all */
export function createAuthority(subject = 'test authority', more: { only?: readonly string[]; fromDays?: number; toDays?: number } = {}): Authority {
  const key = newKey({})
  const constraints = more.only ? [nameConstraints(more.only)] : []
  const extensions = [basicConstraints(true), keyUsage(true), subjectKeyId(publicOf(key)), ...constraints]
  const cert = sign({ subject, ...more }, { key, extensions }, { subject, key })
  return { cert, key: pemOf(key), issue: (wanted) => serverFor(wanted, { subject, key }) }
}

/** A certificate nobody but its own key vouches for. */
export function selfSigned(wanted: Wanted): Identity {
  const key = newKey(wanted)
  return { cert: sign(wanted, { key, extensions: extensionsOf(wanted) }, { subject: wanted.subject ?? 'origin', key }), key: pemOf(key) }
}

interface Signer {
  subject: string
  key: KeyObject
}

function serverFor(wanted: Wanted, issuer: Signer): Identity {
  const key = newKey(wanted)
  const extensions = [...extensionsOf(wanted), authorityKeyId(publicOf(issuer.key))]
  return { cert: sign(wanted, { key, extensions }, issuer), key: pemOf(key) }
}

function extensionsOf({ names, usage }: Wanted): Buffer[] {
  return [basicConstraints(false), keyUsage(false), extendedKeyUsage(usage ?? 'server'), ...(names ? [subjectAltNames(names)] : [])]
}

function sign({ subject = 'origin', fromDays = -1, toDays = 30 }: Wanted, of: { key: KeyObject; extensions: Buffer[] }, issuer: Signer): string {
  const now = Date.now()
  const [notBeforeMs, notAfterMs] = [now + fromDays * dayMs, now + toDays * dayMs]
  const text = { subject, issuer: issuer.subject, serial: randomBytes(8), notBeforeMs, notAfterMs, publicKey: publicOf(of.key), extensions: of.extensions }
  return signCertificate(text, issuer.key)
}

function newKey({ rsaBits }: Wanted): KeyObject {
  const { privateKey } =
    rsaBits === undefined ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: rsaBits })
  return privateKey
}

function publicOf(key: KeyObject): KeyObject {
  return createPublicKey(key)
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** As if the holder of an ordinary certificate were an authority. */
export function issuedBy(holder: Identity, subject: string, wanted: Wanted): Identity {
  const { cert, key } = serverFor(wanted, { subject, key: createPrivateKey(holder.key) })
  return { cert: cert + holder.cert, key }
}
