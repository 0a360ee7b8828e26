import { sha256 } from './sha256.ts'

const alphabet58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const alphabet32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'

/** Payload of 21 bytes and the first four of its double SHA-256. */
export function isBase58Check(text: string): boolean {
  const bytes = base58(text)
  if (bytes.length !== 25) return false
  const check = sha256(sha256(bytes.subarray(0, 21)))
  return bytes.subarray(21).every((byte, i) => byte === check[i])
}

/** BIP 173, or BIP 350 for later witness versions: upper or lower case, not both. */
export function isBech32(text: string): boolean {
  if (text !== text.toLowerCase() && text !== text.toUpperCase()) return false
  const lower = text.toLowerCase()
  const split = lower.lastIndexOf('1')
  const prefix = Array.from(lower.slice(0, split), (letter) => letter.charCodeAt(0))
  const data = Array.from(lower.slice(split + 1), (letter) => alphabet32.indexOf(letter))
  if (data.includes(-1)) return false
  const expanded = [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...data]
  const check = polymod(expanded)
  return check === 1 || check === 0x2bc830a3
}

/** Any address but those made of one digit. The case is not held against it: many programs drop it. */
export function isEthereum(text: string): boolean {
  return new Set(text.slice(2).toLowerCase()).size > 4
}

function base58(text: string): Uint8Array {
  const bytes: number[] = []
  for (const letter of text) {
    let carry = alphabet58.indexOf(letter)
    if (carry < 0) return new Uint8Array()
    for (let i = 0; i < bytes.length; i++) {
      carry += bytes[i]! * 58
      bytes[i] = carry & 255
      carry >>= 8
    }
    for (; carry > 0; carry >>= 8) bytes.push(carry & 255)
  }
  const zeros = text.length - text.replace(/^1+/, '').length
  return Uint8Array.from([...bytes, ...Array.from({ length: zeros }, () => 0)].reverse())
}

function polymod(values: readonly number[]): number {
  const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
  let check = 1
  for (const value of values) {
    const top = check >>> 25
    check = ((check & 0x1ffffff) << 5) ^ value
    for (const [i, term] of generator.entries()) if ((top >>> i) & 1) check ^= term
  }
  return check >>> 0
}
