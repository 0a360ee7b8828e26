// An access key id of AWS: `AKIA` and sixteen characters of base 32 (AWS documentation, "Unique identifiers"). It opens
// nothing: it is made of a nonce, so that every proof looks for one that was never seen before.
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** A text from its end to its beginning, so that nobody on the way recognises what is in it. */
export function backwards(text: string): string {
  return [...text].toReversed().join('')
}

/** A secret nobody owns, for proofs that secrets are taken out. @param nonce 32 hex digits; @param which one of two */
export function fakeSecret(nonce: string, which: 'heard' | 'said'): string {
  const shift = which === 'heard' ? 0 : 7 // another character at every place
  let made = ''
  for (let at = 0; at < 16; at++) made += alphabet[(Number.parseInt(nonce.slice(2 * at, 2 * at + 2), 16) + shift) % 32]
  return `AKIA${made}`
}
