import { randomBytes } from 'node:crypto'

/** Where randomness comes from: a port, so that tests can be repeated. */
export interface Random {
  bytes(count: number): Buffer
}

/** The operating system's generator. */
export const systemRandom: Random = { bytes: (count) => randomBytes(count) }

/** A short unguessable name for one request, 96 bits, base64url. Two guards will not meet on one. */
export function randomId(random: Random = systemRandom): string {
  return random.bytes(12).toString('base64url')
}

/** A single-use value an attacker cannot foresee, 128 bits in hex (NIST SP 800-63B: at least 112 bits). */
export function nonce(random: Random = systemRandom): string {
  return random.bytes(16).toString('hex')
}
