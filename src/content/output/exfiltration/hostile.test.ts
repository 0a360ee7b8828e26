import { describe, expect, it } from 'vitest'
import { findExfiltration } from './find.ts'
import { maxAddressUnits } from './place.ts'

// Pieces that begin an address, an image or what goes before one again and again, and never end it: none may be searched
// for the square of its length. A quadratic look at these takes minutes, this one a quarter of a second at most.
const pieces = [
  '](', '![', '![a](', '[x]:', '\n[b]: ', '![a][b', '][', '[', ']', '(', '<', '"', '<img src=', 'src="', '<img srcset="',
  'srcset="a 1x, ', 'style="', 'url(', 'background:url(', '@import "', '<meta http-equiv=refresh content="0;url=', 'https://',
  'https:\\\\', 'https://a.b/?', '(https://a.b/c?d=', '<https://', 'http://[', 'https://xn--', 'https://1.2.3.4/', 'https://%',
  '//a', 'x@y.z/', 'a=b&', '%41', '\\u0068', '&#104;', 'h t t p s : / / ', 'data:', 'javascript:', ' ', '[a]: https://e.x/?q=AAAA ',
  `https://e.x/${'A'.repeat(60)} `,
]

describe('the cost of looking for addresses that exfiltrate', () => {
  it.each(pieces)('ends on %j two hundred thousand units long, and no finding is longer than an address', (piece) => {
    const found = findExfiltration(piece.repeat(200_000 / piece.length))
    expect(Math.max(0, ...found.map(({ start, end }) => end - start))).toBeLessThanOrEqual(maxAddressUnits)
  }, 20_000)
})
