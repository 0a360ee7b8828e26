import { createCipheriv, createDecipheriv } from 'node:crypto'
import { Secret, type Random } from '../base/index.ts'

/** One secret as it lies in the file: AES-256-GCM, all in base64. */
export interface Sealed {
  createdAt: string
  nonce: string
  tag: string
  data: string
}

/** A fresh nonce for every value: 96 random bits under one key are safe for billions of them (NIST SP 800-38D, 8.3). */
export function seal(
  name: string,
  secret: Secret,
  { key, createdAt, random }: { key: Buffer; createdAt: string; random: Random },
): Sealed {
  const nonce = random.bytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 }).setAAD(boundTo(name, createdAt))
  const data = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()])
  return {
    createdAt,
    nonce: nonce.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  }
}

/** @returns `null` when the key is another, or anything about the entry was changed, its name included */
export function unseal(name: string, sealed: Sealed, key: Buffer): Secret | null {
  try {
    const cipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.nonce, 'base64'), { authTagLength: 16 })
      .setAAD(boundTo(name, sealed.createdAt))
      .setAuthTag(Buffer.from(sealed.tag, 'base64'))
    return new Secret(cipher.update(Buffer.from(sealed.data, 'base64'), undefined, 'utf8') + cipher.final('utf8'))
  } catch {
    return null
  }
}

/** Without it, whoever can write the file could serve one secret under the name of another. */
function boundTo(name: string, createdAt: string): Buffer {
  return Buffer.from(`hardshell secret 1\n${name}\n${createdAt}`, 'utf8')
}
