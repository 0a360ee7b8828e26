/**
 * What base64 or base64url says, as Latin-1; what does not fit its alphabet ends it. Some tokens carry text that proves
 * them: a Discord bot's number, a JSON Web Token's header.
 */
export function readBase64(text: string): string {
  let bits = 0
  let held = 0
  let read = ''
  for (const letter of text) {
    const value = alphabet.indexOf(letter === '-' ? '+' : letter === '_' ? '/' : letter)
    if (value < 0) break
    held = ((held << 6) | value) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    read += String.fromCharCode((held >> bits) & 255)
  }
  return read
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
