/** How a canary may be written: as it is, or what a person would name as the way it was hidden. */
export type CanaryForm =
  | 'plain'
  | 'reversed'
  | 'rot13'
  | 'atbash'
  | 'hex'
  | 'octal'
  | 'character codes'
  | 'binary'
  | 'base32'
  | 'base58'
  | 'base64'
  | 'base85'
  | 'uuencode'

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
  // In base 58 a part is not part of the whole.
  const whole: Mark[] = writingsOf(canary).map((text) => ({ view: 'exact', form: 'base58', text: base58(codesOf(text)) }))
  const marks = [...parts.flatMap((part) => [...readable(part), ...encoded(part)]), ...whole]
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
    { view: 'folded', form: 'atbash', text: plain.replace(/[a-z]/g, (letter) => String.fromCharCode(219 - letter.charCodeAt(0))) },
  ]
}

function encoded(part: string): Mark[] {
  return writingsOf(part).flatMap((writing) => {
    const codes = codesOf(writing)
    const hex = codes.map((code) => code.toString(16).padStart(2, '0'))
    const octal = codes.map((code) => code.toString(8))
    const inFolded = (form: CanaryForm, text: string): Mark => ({ view: 'folded', form, text })
    return [
      inFolded('hex', hex.join('')), // also %62%69, =62=69 and 62:69
      inFolded('hex', turned(hex.join(''))),
      inFolded('hex', hex.map((pair) => `x${pair}`).join('')), // \x62, 0x62 keeps its 0, &#x62;
      inFolded('hex', hex.map((pair) => `0x${pair}`).join('')),
      inFolded('hex', hex.map((pair) => `u00${pair}`).join('')), // \u0062
      inFolded('octal', octal.map((code) => code.padStart(3, '0')).join('')), // \142\055
      ...['', '0', '0o'].map((before) => inFolded('octal', octal.map((code) => before + code).join(''))),
      inFolded('character codes', codes.join('')), // also &#98; and [98, 105]
      inFolded('character codes', codes.map((code) => String(code).padStart(3, '0')).join('')),
      inFolded('binary', codes.map((code) => code.toString(2).padStart(8, '0')).join('')),
      ...[0, 1, 2, 3, 4].flatMap((shift) => base32Alphabets.map((alphabet) => inFolded('base32', inner((text) => base32(text, alphabet), writing, shift, 5)))),
      ...[0, 1, 2].flatMap((shift): Mark[] => {
        const text = inner(btoa, writing, shift, 6)
        return [{ view: 'exact', form: 'base64', text }, { view: 'exact', form: 'base64', text: turned(text) }]
      }),
      { view: 'exact' as const, form: 'base58' as const, text: base58(codes) },
      ...[0, 1, 2].map((shift) => inFolded('uuencode', folded(inner(uuencode, writing, shift, 6)))),
      ...[0, 1, 2, 3].map((shift) => inFolded('base85', folded(within85(writing, shift)))),
    ].filter(({ text }) => text.length >= leastLetters)
  })
}

function writingsOf(part: string): string[] {
  const joined = part.replaceAll(/[-_ ]/g, '')
  return [part, part.toUpperCase(), joined, joined.toUpperCase(), part.replaceAll(/[-_]/g, ' ')]
}

function codesOf(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0))
}

function turned(text: string): string {
  return Array.from(text).reverse().join('')
}

/** The letters, of so many bits, that are the same whatever stands before (so many bytes) and behind. */
function inner(encode: (text: string) => string, text: string, shift: number, bits: number): string {
  const first = Math.ceil((8 * shift) / bits)
  const last = Math.floor((8 * (shift + text.length)) / bits)
  return encode('\0'.repeat(shift) + text).slice(first, last)
}

// RFC 4648, sections 6 and 7.
const base32Alphabets = ['abcdefghijklmnopqrstuvwxyz234567', '0123456789abcdefghijklmnopqrstuv']

function base32(text: string, alphabet: string): string {
  const bits = Array.from(text, (letter) => letter.charCodeAt(0).toString(2).padStart(8, '0')).join('')
  const groups = bits.match(/.{1,5}/g) ?? []
  return groups.map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}

/** Of the text by itself: in base 58 every letter depends on all that stands before it (Bitcoin's alphabet). */
function base58(codes: readonly number[]): string {
  let number = codes.reduce((sum, code) => sum * 256n + BigInt(code), 0n)
  let text = ''
  for (; number > 0n; number /= 58n) text = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'[Number(number % 58n)]! + text
  return text
}

/** Six bits a sign from the blank on, without lengths of lines (POSIX, uuencode). */
function uuencode(text: string): string {
  const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  return btoa(text).replaceAll('=', '').replace(/./g, (sign) => String.fromCharCode(32 + base64.indexOf(sign)).replace(' ', '`'))
}

/** Ascii85's five signs for four bytes: the groups that hold this text alone, when so many bytes stand before it. */
function within85(text: string, shift: number): string {
  const from = (4 - shift) % 4
  let signs = ''
  for (let at = from; at + 4 <= text.length; at += 4) {
    let number = 0
    for (let i = 0; i < 4; i++) number = number * 256 + text.charCodeAt(at + i)
    let group = ''
    for (let i = 0; i < 5; i++, number = Math.floor(number / 85)) group = String.fromCharCode(33 + (number % 85)) + group
    signs += group
  }
  return signs
}
