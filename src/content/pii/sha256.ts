/**
 * SHA-256 (FIPS 180-4) of a few bytes. The room is pure and may not ask the platform; it is used for check sums of
 * addresses only, never for anything secret.
 */
export function sha256(message: Uint8Array): Uint8Array {
  const state = Uint32Array.from(initial)
  const padded = pad(message)
  for (let at = 0; at < padded.length; at += 64) compress(state, new DataView(padded.buffer, at, 64))
  const out = new DataView(new ArrayBuffer(32))
  state.forEach((word, i) => out.setUint32(4 * i, word))
  return new Uint8Array(out.buffer)
}

function pad(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64)
  padded.set(message)
  padded[message.length] = 0x80
  new DataView(padded.buffer).setUint32(padded.length - 4, message.length * 8)
  return padded
}

function compress(state: Uint32Array, block: DataView): void {
  const words = new Uint32Array(64)
  for (let i = 0; i < 64; i++) words[i] = i < 16 ? block.getUint32(4 * i) : schedule(words, i)
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < 64; i++) {
    const first = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + rounds[i]! + words[i]!) >>> 0
    const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) >>> 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + first) >>> 0, c, b, a, (first + second) >>> 0]
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = state[i]! + word
}

function schedule(words: Uint32Array, i: number): number {
  const w15 = words[i - 15]!
  const w2 = words[i - 2]!
  const small = turn(w15, 7) ^ turn(w15, 18) ^ (w15 >>> 3)
  return words[i - 16]! + small + words[i - 7]! + (turn(w2, 17) ^ turn(w2, 19) ^ (w2 >>> 10))
}

function turn(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits))
}

// The first 32 bits of the fractions of roots of the first primes: square roots to begin, cube roots for the rounds.
const primes = Array.from({ length: 312 }, (_, i) => i).filter((n) => n > 1 && noDivisor(n))
const initial = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)))
const rounds = primes.slice(0, 64).map((prime) => fraction(Math.cbrt(prime)))

function noDivisor(n: number): boolean {
  for (let i = 2; i * i <= n; i++) if (n % i === 0) return false
  return true
}

function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32)
}
