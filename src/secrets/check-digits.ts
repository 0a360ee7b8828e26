import { crc32 } from 'node:zlib'

/**
 * Tokens of GitHub and npm end in six base-62 digits: the CRC-32 of what stands before them.
 * Source: GitHub blog, "Behind GitHub's new authentication token formats", 5 April 2021, and npm's of 23 September 2021.
 * @returns false when the value has such digits and they are wrong: it was mistyped, cut, or is an example.
 *   `null`: it is no such token
 */
export function checkDigitsFit(value: string): boolean | null {
  const [, random, digits] = /^(?:gh[pousr]|npm)_([A-Za-z0-9]{30})([A-Za-z0-9]{6})$/.exec(value) ?? []
  if (random === undefined || digits === undefined) return null
  return inBase62(crc32(random)) === digits
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

function inBase62(value: number): string {
  let digits = ''
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) digits = alphabet[rest % 62]! + digits
  return digits.padStart(6, '0')
}
