/** How a canary may be written: as it is, or what a person would name as the way it was hidden. */
export type CanaryForm = 'plain' | 'reversed' | 'rot13' | 'hex' | 'character codes' | 'binary' | 'base32' | 'base64'

/**
 * What to look for, in the text as `folded` (letters and digits alone, in lower case) or `exact` (letters, digits, `+`
 * and `/` in their own case) leaves it.
 */
export interface Mark {
  view: 'folded' | 'exact'
  form: CanaryForm
  text: string
}

/**
 * Everything that gives a canary away. Two of its words are enough, so that leaving one out hides nothing; of a key
 * it is the twenty letters at either end.
 * @throws RangeError for a text too short to be told from chance
 */
export function marksOf(canary: string): Mark[] {
  const parts = partsOf(canary)
  if (parts.some((part) => folded(part).length < leastLetters)) {
    throw new RangeError(`a canary needs ${leastLetters} letters and digits in every two of its words`)
  }
  const marks = parts.flatMap((part) => [...readable(part), ...encoded(part)])
  return [...new Map(marks.map((mark) => [mark.view + mark.text, mark])).values()]
}

/** Letters and digits, in lower case. */
export function folded(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '')
}

// Sixteen letters of the canaries we mint are 48 bits: in 10 MB of text one stands by chance once in 28 million.
const leastLetters = 12

function partsOf(canary: string): string[] {
  const words = canary.split('-')
  if (words.length > 2 && words.every((word) => /^[a-z]{6,12}$/.test(word))) {
    return words.slice(1).map((word, i) => `${words[i]}-${word}`)
  }
  return canary.length > 40 ? [canary.slice(-20), canary.slice(-40, -20)] : [canary]
}

function readable(part: string): Mark[] {
  const plain = folded(part)
  // A separator that was percent-encoded leaves its digits behind.
  const texts = [plain, ...['2d', '20', '5f'].map((code) => folded(part.replaceAll(/[-_ ]/g, code)))]
  return [
    ...texts.map((text) => ({ view: 'folded' as const, form: 'plain' as const, text })),
    { view: 'folded', form: 'reversed', text: Array.from(plain).reverse().join('') },
    {
      view: 'folded',
      form: 'rot13',
      text: plain.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 84) % 26) + 97)),
    },
  ]
}

function encoded(part: string): Mark[] {
  const joined = part.replaceAll(/[-_ ]/g, '')
  const writings = [part, part.toUpperCase(), joined, joined.toUpperCase(), part.replaceAll(/[-_]/g, ' ')]
  return writings.flatMap((writing) => {
    const codes = Array.from(writing, (letter) => letter.charCodeAt(0))
    const hex = codes.map((code) => code.toString(16).padStart(2, '0'))
    const inFolded = (form: CanaryForm, text: string): Mark => ({ view: 'folded', form, text })
    return [
      inFolded('hex', hex.join('')), // also %62%69
      inFolded('hex', hex.map((pair) => `x${pair}`).join('')), // \x62, 0x62 keeps its 0, &#x62;
      inFolded('hex', hex.map((pair) => `0x${pair}`).join('')),
      inFolded('hex', hex.map((pair) => `u00${pair}`).join('')), // \u0062
      inFolded('character codes', codes.join('')), // also &#98;
      inFolded('binary', codes.map((code) => code.toString(2).padStart(8, '0')).join('')),
      ...[0, 1, 2, 3, 4].map((shift) => inFolded('base32', inner(base32, writing, shift, 5))),
      ...[0, 1, 2].map((shift): Mark => ({ view: 'exact', form: 'base64', text: inner(btoa, writing, shift, 6) })),
    ]
  })
}

/** The letters, of so many bits, that are the same whatever stands before (so many bytes) and behind. */
function inner(encode: (text: string) => string, text: string, shift: number, bits: number): string {
  const first = Math.ceil((8 * shift) / bits)
  const last = Math.floor((8 * (shift + text.length)) / bits)
  return encode('\0'.repeat(shift) + text).slice(first, last)
}

function base32(text: string): string {
  const bits = Array.from(text, (letter) => letter.charCodeAt(0).toString(2).padStart(8, '0')).join('')
  const groups = bits.match(/.{1,5}/g) ?? []
  return groups.map((five) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}
