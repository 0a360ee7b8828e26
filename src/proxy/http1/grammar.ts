/** Which bytes may stand where: 1 in the table of a part when the byte may occur in it. */

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const digits = '0123456789'
const printable = Array.from({ length: 0x7f - 0x21 }, (_, index) => String.fromCharCode(0x21 + index)).join('')
const obsText = Array.from({ length: 0x80 }, (_, index) => String.fromCharCode(0x80 + index)).join('')

/** Field names and methods. Source: RFC 9110, section 5.6.2. */
export const tokenBytes = tableOf(`!#$%&'*+-.^_\`|~${digits}${letters}`)

/** Field values, folding excluded. Source: RFC 9110, section 5.5. */
export const valueBytes = tableOf(`\t ${printable}${obsText}`)

/**
 * Path and query. RFC 3986 and what URL parsers of browsers and SDKs leave as it is in a query (`[`, `|`, `{`, `^`,
 * `` ` ``); without `\`, which some read as `/`, and without a fragment, which is nobody's business on the wire.
 */
export const targetBytes = tableOf([...printable].filter((char) => !'"#<>\\'.includes(char)).join(''))

/** An authority without user information. Source: RFC 3986, section 3.2.2. */
export const hostPattern = /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]+)(?::\d{1,5})?$/

function tableOf(chars: string): Uint8Array {
  const table = new Uint8Array(256)
  for (const char of chars) table[char.charCodeAt(0)] = 1
  return table
}
