import { createHash, sign, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { bits, boolean, der, integer, objectId, octets, plainTagged, sequence, tagged, time, utf8 } from './der.ts'

/** What is to stand in a certificate (X.509, version 3). */
export interface CertificateText {
  subject: string
  issuer: string
  /** Big-endian, at most 20 bytes, the first bit not set. */
  serial: Uint8Array
  notBeforeMs: number
  notAfterMs: number
  publicKey: KeyObject
  extensions: readonly Uint8Array[]
}

/** Signs a certificate. @param signer P-256 or RSA; @returns PEM */
export function signCertificate(text: CertificateText, signer: KeyObject): string {
  const algorithm = algorithmOf(signer)
  const body = sequence(
    tagged(0, integer(Buffer.of(2))),
    integer(text.serial),
    algorithm,
    commonName(text.issuer),
    sequence(time(text.notBeforeMs), time(text.notAfterMs)),
    commonName(text.subject),
    publicKeyInfo(text.publicKey),
    tagged(3, sequence(...text.extensions)),
  )
  return pem(sequence(body, algorithm, bits(sign('sha256', body, signer))))
}

// RFC 5758, section 3.2; RFC 4055, section 5 (with its NULL).
function algorithmOf({ asymmetricKeyType }: KeyObject): Buffer {
  if (asymmetricKeyType === 'rsa') return sequence(objectId('1.2.840.113549.1.1.11'), der(0x05))
  return sequence(objectId('1.2.840.10045.4.3.2'))
}

function commonName(name: string): Buffer {
  return sequence(der(0x31, sequence(objectId('2.5.4.3'), utf8(name))))
}

function publicKeyInfo(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' })
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').replaceAll(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}

function extension(id: string, critical: boolean, value: Uint8Array): Buffer {
  return sequence(objectId(id), ...(critical ? [boolean(true)] : []), octets(value))
}

/** An authority that vouches for servers and for no further authority; or no authority. */
export function basicConstraints(authority: boolean): Buffer {
  return extension('2.5.29.19', true, authority ? sequence(boolean(true), integer(Buffer.of(0))) : sequence())
}

/** `keyCertSign` for an authority, `digitalSignature` for a server. */
export function keyUsage(authority: boolean): Buffer {
  return extension('2.5.29.15', true, authority ? bits(Buffer.of(0x04), 2) : bits(Buffer.of(0x80), 7))
}

export function extendedKeyUsage(usage: 'server' | 'client'): Buffer {
  return extension('2.5.29.37', false, sequence(objectId(`1.3.6.1.5.5.7.3.${usage === 'server' ? 1 : 2}`)))
}

/** @param names DNS names and addresses */
export function subjectAltNames(names: readonly string[]): Buffer {
  return extension('2.5.29.17', false, sequence(...names.map(generalName)))
}

function generalName(name: string): Buffer {
  return isIP(name) === 0 ? plainTagged(2, Buffer.from(name, 'ascii')) : plainTagged(7, Buffer.from(ipaddr.parse(name).toByteArray()))
}

/**
 * Vouches only for these names and what is below them, and for no address at all: a kind of name nobody mentions is
 * not constrained, so addresses are excluded by name. Source: RFC 5280, section 4.2.1.10.
 */
export function nameConstraints(domains: readonly string[]): Buffer {
  const permitted = domains.map((domain) => sequence(plainTagged(2, Buffer.from(domain, 'ascii'))))
  const everyAddress = [8, 32].map((length) => sequence(plainTagged(7, Buffer.alloc(length))))
  return extension('2.5.29.30', true, sequence(tagged(0, ...permitted), tagged(1, ...everyAddress)))
}

/** Tells certificates of one name and different keys apart. */
export function subjectKeyId(key: KeyObject): Buffer {
  return extension('2.5.29.14', false, octets(keyId(key)))
}

export function authorityKeyId(key: KeyObject): Buffer {
  return extension('2.5.29.35', false, sequence(plainTagged(0, keyId(key))))
}

/** RFC 7093, section 2, method 4: 160 bits of a digest of the whole key info. */
function keyId(key: KeyObject): Buffer {
  return createHash('sha256').update(publicKeyInfo(key)).digest().subarray(0, 20)
}
