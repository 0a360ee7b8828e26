import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  sign,
  type KeyObject,
} from 'node:crypto'
import { Secret } from '../../base/index.ts'

/** The Ed25519 key pair by which the gateway comes to know this front door: the root of one device per credential. */
export interface DeviceIdentity {
  /** PKCS #8, PEM. */
  privateKeyPem: Secret
  /** The raw 32 bytes, base64url. */
  publicKey: string
}

/** A fresh identity. Keep it: the gateway pairs each one anew. */
export function createDeviceIdentity(): DeviceIdentity {
  const { privateKey } = generateKeyPairSync('ed25519')
  return {
    privateKeyPem: new Secret(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
    publicKey: publicPart(privateKey),
  }
}

/** What a device signature covers besides the device itself. */
export interface Signed {
  client: { id?: unknown; mode?: unknown; platform?: unknown; deviceFamily?: unknown }
  role: string
  scopes: readonly string[]
  token: Secret
  /** Of the gateway's `connect.challenge`. */
  nonce: string
  ts: number
}

/**
 * The `device` block of a connect request. The signature covers the token, which only we know, so a client's own
 * block could never be valid; the gateway sees a device of ours instead, one for each credential: it keeps scopes and
 * presence by device, and those of two people must not mix.
 * Source: OpenClaw docs, gateway/protocol/auth ("v3" payload); metadata is trimmed and lower-cased in ASCII there.
 */
export function signDevice(root: DeviceIdentity, who: string, signed: Signed): Record<string, string | number> {
  const key = deviceKey(root, who)
  const publicKey = publicPart(key)
  const id = createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex')
  const { client, role, scopes, token, nonce, ts } = signed
  const parts = ['v3', id, client.id, client.mode, role, scopes.join(','), ts, token.reveal(), nonce]
  const text = [...parts, metadata(client.platform), metadata(client.deviceFamily)].join('|')
  return { id, publicKey, signature: sign(null, Buffer.from(text), key).toString('base64url'), signedAt: ts, nonce }
}

/**
 * What the gateway is told of the machine of a client with a device. The gateway pins platform and family of a device
 * and asks to approve it again when they change (seen with 2026.9.6), so they cannot be those of a browser today and
 * of a command line tomorrow.
 */
export function pinnedClient(client: Record<string, unknown>): Record<string, unknown> {
  const { deviceFamily: _, ...rest } = client
  return { ...rest, platform: 'hardshell' }
}

// PKCS #8 around a raw Ed25519 seed: RFC 8410, section 7.
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')

function deviceKey({ privateKeyPem }: DeviceIdentity, who: string): KeyObject {
  const { d } = createPrivateKey(privateKeyPem.reveal()).export({ format: 'jwk' })
  const seed = hkdfSync('sha256', Buffer.from(String(d), 'base64url'), '', `hardshell gateway device of ${who}`, 32)
  return createPrivateKey({ key: Buffer.concat([pkcs8Head, Buffer.from(seed)]), format: 'der', type: 'pkcs8' })
}

function publicPart(privateKey: KeyObject): string {
  return String(createPublicKey(privateKey).export({ format: 'jwk' }).x)
}

function metadata(value: unknown): string {
  return typeof value === 'string' ? value.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : ''
}
