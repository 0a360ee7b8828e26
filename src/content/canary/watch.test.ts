import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fill } from '../secrets/sample.ts'
import { findSecrets } from '../secrets/find.ts'
import { mintFakeKey, type FakeKeyKind } from './fake-key.ts'
import { mintCanary } from './mint.ts'
import { createCanaryWatch, sealCanary } from './watch.ts'

// Bytes that look random and are the same in every run.
let seed = 7
const nextByte = (): number => (seed = (seed * 48_271) % 2_147_483_647) & 255
const random = { bytes: (count: number) => Buffer.from(Array.from({ length: count }, nextByte)) }
const canary = mintCanary(random)
// Stands in for an HMAC: FNV-1a.
const keyed = (text: string): string =>
  bytesOf(text).reduce((sum, code) => Math.imul(sum ^ code, 0x01000193) >>> 0, 0x811c9dc5).toString(36)
const watch = createCanaryWatch([sealCanary('memory', canary, keyed)], keyed)

function bytesOf(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0))
}
function hex(text: string, before = ''): string {
  return bytesOf(text)
    .map((code) => before + code.toString(16).padStart(2, '0'))
    .join('')
}
function rot13(text: string): string {
  return text.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 84) % 26) + 97))
}
function base58(text: string): string {
  let number = BigInt(`0x${hex(text)}`)
  let digits = ''
  for (; number > 0n; number /= 58n) digits = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'[Number(number % 58n)]! + digits
  return digits
}
function base32hex(text: string): string {
  const bits = bytesOf(text).map((code) => code.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((five) => Number.parseInt(five.padEnd(5, '0'), 2).toString(32)).join('')
}
/** The letters, from an alphabet that begins at another code point. */
function styled(text: string, a: number): string {
  return text.replace(/[a-z]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) - 97 + a))
}

const disguises: Record<string, string> = {
  plain: canary,
  upper: canary.toUpperCase(),
  mixed: [...canary].map((letter, i) => (i % 2 ? letter.toUpperCase() : letter)).join(''),
  joined: canary.replaceAll('-', ''),
  'with blanks': canary.replaceAll('-', ' '),
  snake: canary.replaceAll('-', '_'),
  spaced: [...canary].join(' '),
  dotted: [...canary].join('.'),
  lines: [...canary].join('\n'),
  'zero width': [...canary].join('\u200b'),
  'soft hyphens': [...canary].join('\u00ad'),
  'two of three words': canary.split('-').slice(1).join('-'),
  'first two words': canary.split('-').slice(0, 2).join(', '),
  reversed: [...canary].reverse().join(''),
  rot13: rot13(canary),
  'percent of all': hex(canary, '%'),
  'percent of the separators': canary.replaceAll('-', '%2D'),
  hex: hex(canary),
  'hex in upper case': hex(canary).toUpperCase(),
  'hex with blanks': hex(canary, ' '),
  'hex of upper case': hex(canary.toUpperCase()),
  'escapes of C': hex(canary, '\\x'),
  'list of hex': hex(canary, ', 0x'),
  'escapes of JSON': hex(canary, '\\u00'),
  'decimal list': bytesOf(canary).join(', '),
  'character references': bytesOf(canary).map((code) => `&#${code};`).join(''),
  binary: bytesOf(canary).map((code) => code.toString(2).padStart(8, '0')).join(' '),
  base64: btoa(canary),
  'base64 behind one byte': btoa(`x${canary}`),
  'base64 behind two bytes': btoa(`xy${canary} and more`),
  'base64 in lines': btoa(`notes: ${canary} end`).replace(/.{10}/g, '$&\n'),
  base64url: btoa(canary).replaceAll('+', '-').replaceAll('/', '_'),
  'base64 of upper case': btoa(canary.toUpperCase()),
  'hex backwards': [...hex(canary)].reverse().join(''),
  'base64 backwards': [...btoa(canary)].reverse().join(''),
  'quoted-printable': hex(canary, '=').toUpperCase(),
  'hex with colons': hex(canary, ':'),
  'escapes of octal': bytesOf(canary).map((code) => `\\${code.toString(8)}`).join(''),
  'escapes of octal, three digits': bytesOf(canary).map((code) => `\\${code.toString(8).padStart(3, '0')}`).join(''),
  'list of octal': bytesOf(canary).map((code) => `0o${code.toString(8)}`).join(', '),
  'octal of C': bytesOf(canary).map((code) => `0${code.toString(8)}`).join(' '),
  'list of numbers': JSON.stringify(bytesOf(canary)),
  'decimal of three digits': bytesOf(canary).map((code) => String(code).padStart(3, '0')).join(' '),
  atbash: canary.replace(/[a-z]/g, (letter) => String.fromCharCode(219 - letter.charCodeAt(0))),
  base58: base58(canary),
  base32hex: base32hex(canary),
  'full width': styled(canary, 0xff41),
  circled: styled(canary, 0x24d0),
  'mathematical bold': styled(canary, 0x1d41a),
  'a host name': `https://${canary}.evil.example/`,
  'a file name': `notes_${canary}.txt`,
}

describe('createCanaryWatch', () => {
  it.each(Object.entries(disguises))('sees it in the form %s', (_, text) => {
    expect(watch.find(`So the note says ${text} and that is all.`)).toEqual([expect.objectContaining({ id: 'memory' })])
  })

  // As Python 3.13 writes them: binascii.b2a_uu and base64.a85encode.
  it.each([
    ['uuencode', ':=&%V;VUI:V4M<FED87-O;F4M8F5L;V=I<&$ \n'],
    ['base85', 'G^4C>G&M53CLo)<Bk1XnDf0,<@V\'@oB5)<nH?o'],
  ] as const)('sees what another program wrote in %s', (form, text) => {
    const words = createCanaryWatch([sealCanary('notes', 'tavomike-ridasone-belogipa')])
    expect(words.find(`begin ${text} end`)).toMatchObject([{ id: 'notes', form }])
  })

  it('tells where it stands and how it was hidden', () => {
    const [hit] = watch.find(`one two ${canary.split('-').slice(0, 2).join('-')} three`)
    expect(hit).toEqual({ id: 'memory', form: 'plain', start: 8, end: 25 })
    expect(watch.find(`a ${rot13(canary)}`)[0]).toMatchObject({ form: 'rot13' })
    expect(watch.find(`a ${btoa(canary)}`)[0]).toMatchObject({ form: 'base64' })
  })

  it.each(Object.entries(disguises))('sees it across every border between chunks: %s', (_, text) => {
    for (let at = 1; at < text.length; at++) {
      const follower = watch.follow()
      const hits = [...follower.push(`.${text.slice(0, at)}`), ...follower.push(`${text.slice(at)}.`)]
      expect(hits.map(({ id }) => id)).toContain('memory')
    }
  })

  it('says the same of a whole text and of a stream', () => {
    const several = createCanaryWatch([sealCanary('memory', canary, keyed), sealCanary('key', mintFakeKey('github', random), keyed), sealCanary('notes', 'tavomike-ridasone-belogipa', keyed)], keyed)
    const piece = fc.oneof(fc.constantFrom(...Object.values(disguises), 'tavomike', 'ridasone-belogipa', styled('tavomike-ridasone', 0x1d41a)), fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('\ud835', '\udc1a', ' . '.repeat(1_500)))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('')
        expect(several.find(text)).toEqual(several.follow().push(text))
      }),
      { numRuns: 1_500 },
    )
  })

  it('sees it one unit at a time, far into an endless text', () => {
    const follower = watch.follow()
    const prose = 'The quick brown fox jumps over the lazy dog. '.repeat(20)
    for (let i = 0; i < 100; i++) expect(follower.push(prose)).toEqual([])
    const hits = [...canary].flatMap((letter) => follower.push(letter))
    expect(hits[0]).toMatchObject({ id: 'memory', start: 90_000 })
  })

  it('does not see letters that only meet over a long distance', () => {
    expect(watch.find([...canary].join(' . '.repeat(120)))).toEqual([])
  })

  it('sees letters that stand 4,096 units apart, and none that are further', () => {
    const words = createCanaryWatch([sealCanary('notes', 'tavomike-ridasone-belogipa')])
    for (const [gap, seen] of [[4_080, 1], [4_081, 0]] as const) {
      const text = `tavomike${' '.repeat(gap)}ridasone`
      expect([words.find(text).length, words.follow().push(text).length]).toEqual([seen, seen])
    }
  })

  it('is not disturbed by a digest that looks at other texts', () => {
    const inner = createCanaryWatch([sealCanary('inner', 'rokelami-sunatepo-vidafoke')])
    const curious = (text: string): string => {
      inner.find('a line that is about this long, with rokelami-sunatepo in it, and more of it')
      return keyed(text)
    }
    const words = ['tavomike-ridasone-belogipa', 'bogalime-tofasina-kedoruza']
    const own = createCanaryWatch(words.map((word) => sealCanary(word, word, curious)), curious)
    const found = own.find(`so ${words[0]} and then ${words[1]} and ${words[0]!.toUpperCase()} end`)
    expect(found.map(({ id }) => id)).toEqual([words[0], words[1], words[0]])
  })

  it('needs two whole words', () => {
    const [first, second, third] = canary.split('-') as [string, string, string]
    expect(watch.find(`${first} ${third}`)).toEqual([])
    expect(watch.find(`${second}-${third.slice(0, -1)}`)).toEqual([])
  })

  it('finds nothing in 10 MB that hold none, random letters and prose', () => {
    const prose = 'Before touching a path read the flow of a request; before claiming anything read the threat model. '
    let found = 0
    const follower = watch.follow()
    for (let i = 0; i < 50; i++) {
      const letters = fill(100_000 + i, i % 2 ? 'lower' : 'base64')
      found += follower.push(prose.repeat(1000) + letters).length
    }
    expect(found).toBe(0)
  })

  it('keeps of a sealed canary neither its letters nor a form of them', () => {
    const sealed = JSON.stringify(sealCanary('memory', canary, keyed))
    expect(watch.find(sealed)).toEqual([])
    expect(sealed).not.toContain(canary.slice(0, 8))
  })

  it('refuses a canary that ordinary text could hold', () => {
    expect(() => sealCanary('x', 'password')).toThrow(RangeError)
  })

  it('never fails on any text', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' })), (chunks) => {
      const follower = watch.follow()
      expect(chunks.flatMap((chunk) => follower.push(chunk))).toEqual([])
    }))
  })
})

describe('mintCanary', () => {
  it('makes words no redactor takes for a key, and no two alike', () => {
    const many = Array.from({ length: 200 }, () => mintCanary(random))
    expect(new Set(many).size).toBe(200)
    expect(many.filter((one) => !/^[a-z]{8}-[a-z]{8}-[a-z]{8}$/.test(one))).toEqual([])
    expect(many.flatMap((one) => findSecrets(`token: ${one}, password=${one}, api_key="${one}"`))).toEqual([])
  })
})

describe('mintFakeKey', () => {
  const kinds: FakeKeyKind[] = ['anthropic', 'aws', 'github', 'google', 'openai', 'slack', 'stripe']

  it.each(kinds)('makes a key of %s that scanners believe and the watch sees', (kind) => {
    const key = mintFakeKey(kind, random)
    expect(findSecrets(`key: ${key} `)).toHaveLength(1)
    const own = createCanaryWatch([sealCanary(kind, key)])
    expect(own.find(`here: ${key}.`)[0]?.id).toBe(kind)
    expect(own.find(`here: ${btoa(key)}.`)[0]?.id).toBe(kind)
    expect(own.find(`here: ${mintFakeKey(kind, random)}.`)).toEqual([])
  })
})
