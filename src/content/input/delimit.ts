import { HardshellError } from '../../base/index.ts'

/** Text from outside, put between marks that whoever wrote it cannot know. */
export interface Delimited {
  text: string
  /** What the marks carry. */
  marker: string
  /** How many imitated marks in the text were made harmless: worth a line in the log when not 0. */
  imitations: number
}

/** HMAC-SHA-256 of a text under a key of the installation, in small hexadecimal digits. */
export type MarkerDigest = (text: string) => string

/**
 * The marker for a text: unpredictable without the key, so a text cannot close its own marks, and the same whenever
 * the same text is sent again, so that a provider's prompt cache still fits.
 * @param identity what stays the same when the conversation is sent again: the text, and the call it answers
 */
export function markerFor(identity: string, digest: MarkerDigest): string {
  // 80 bits: not to be guessed in as many tries as a text has room for. A prefix of its own keeps this use of the key
  // apart from others.
  const marker = digest(`untrusted\n${identity}`).slice(0, 20)
  if (/^[0-9a-f]{20}$/.test(marker)) return marker
  throw new HardshellError('content.bad-options', 'the digest for markers must give hexadecimal digits')
}

/**
 * Puts text from outside between marks. Imitations of our marks inside it are spelt with an entity, whatever marker
 * they carry; the rest stays as it is.
 * @param options.source where it comes from, for the model to read: a tool's name, a channel, an address
 * @throws HardshellError `content.marker-known` when the text holds the marker: whoever wrote it knows the key or has
 * seen an earlier answer, and nothing inside marks could be told from what is outside
 */
export function delimitUntrusted(text: string, { marker, source }: { marker: string; source: string }): Delimited {
  if (text.toLowerCase().includes(marker)) {
    throw new HardshellError('content.marker-known', 'a text from outside holds the marker that was to enclose it', {
      hint: 'make a new key for markers, and look for who learnt the old one: hardshell audit search marker-known',
    })
  }
  const { text: inner, imitations } = withoutImitations(text)
  const { open, close } = marksFor({ marker, source })
  return { text: open + inner + close, marker, imitations }
}

/** What stands in front of and behind a text from outside, for whoever puts them there himself. */
export function marksFor({ marker, source }: { marker: string; source: string }): { open: string; close: string } {
  return { open: `<untrusted-${marker} source="${plainName(source)}">\n`, close: `\n</untrusted-${marker}>` }
}

/** The text with everything that looks like one of our marks spelt with an entity; the very same string without any. */
export function withoutImitations(text: string): { text: string; imitations: number } {
  let imitations = 0
  const inner = text.replace(imitation, (found) => {
    imitations++
    return `&lt;${found.slice(1)}`
  })
  return { text: imitations === 0 ? text : inner, imitations }
}

// Our own mark however it is spaced or spelt: NFKC would make `＜` the same sign, and a model reads it so.
const imitation = /[<＜‹〈《]\s{0,8}[/／]?\s{0,8}(?:untrusted|boundary)[-‐‑–—_ ]/giu

/** A source is attacker-controlled too: a tool's name can hold quotation marks and line breaks. */
function plainName(source: string): string {
  return source.replace(/[^\p{L}\p{N} ._:/@-]/gu, '_').slice(0, 120)
}
