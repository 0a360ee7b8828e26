import { HardshellError, Secret, type Random } from '../base/index.ts'

// 24 bytes make 32 characters, the guides' "at least 32"; 512 is more than any protocol takes in a header.
const [minBytes, maxBytes] = [24, 512]

/**
 * A secret nobody has seen: `bytes` of the generator in base64url, which every header, URL and shell takes as it is.
 * @throws HardshellError `secrets.bad-length`
 */
export function generateSecret(bytes: number, random: Random): Secret {
  if (!Number.isInteger(bytes) || bytes < minBytes || bytes > maxBytes) {
    throw new HardshellError('secrets.bad-length', `a secret is made of ${minBytes} to ${maxBytes} bytes`, {
      hint: '--bytes 32 makes 43 characters',
    })
  }
  return new Secret(random.bytes(bytes).toString('base64url'))
}
