import { findPii } from '../../pii/find.ts'
import { joined } from '../../secrets/joined.ts'
import { findSecrets } from '../../secrets/find.ts'
import { entropyOf } from '../../secrets/random-looking.ts'
import type { CopiedText } from './copied.ts'
import { readEncoded } from './encoded.ts'

/** What an address carries that its target had not known before. */
export type PayloadReason =
  | 'copied-text'
  | 'encoded-text'
  | 'random-looking'
  | 'running-text'
  | 'secret'
  | 'personal-data'

/** Looks for a payload in every part of an address that its writer is free to choose. */
export function payloadOf(url: URL, conversation: CopiedText | null): PayloadReason | null {
  const parts = partsOf(url)
  for (const part of parts) {
    const reason = judge(part)
    if (reason) return reason
  }
  return conversation?.isIn(parts.map(({ text }) => text).join(' ')) ? 'copied-text' : null
}

interface Part {
  text: string
  where: 'host' | 'path' | 'query' | 'fragment'
  /** The parameter's name, in lower case. */
  name: string
}

function partsOf(url: URL): Part[] {
  // The last two labels are who is asked; what stands before is what may be told.
  const labels = url.hostname.split('.').slice(0, -2)
  const part = (text: string, where: Part['where'], name = ''): Part => ({ text: decoded(text), where, name })
  const all = [
    ...[...labels, labels.join('')].map((text) => part(text, 'host')),
    ...url.pathname.split('/').map((text) => part(text, 'path')),
    // A parameter without `=` is all name.
    ...[...url.searchParams].map(([name, value]) => part(value || name, 'query', value && name.toLowerCase())),
    part(url.hash.slice(1), 'fragment'),
  ]
  return all.filter(({ text }) => text !== '')
}

function decoded(text: string): string {
  let now = text
  for (let i = 0; i < 2 && now.includes('%'); i++) {
    try {
      now = decodeURIComponent(now)
    } catch {
      return now
    }
  }
  return now
}

function judge(part: Part): PayloadReason | null {
  const { text } = part
  if (findSecrets(text).length > 0) return 'secret'
  if (part.where !== 'host' && findPii(text, { least: 'certain' }).length > 0) return 'personal-data'
  // Beside the whole its pieces: `id_aGVsbG8…`, `a.b.c`.
  const runs = [text, text.replace(/[-_.]/g, ''), ...text.split(/[^A-Za-z0-9+/=_-]/), ...text.split(/[^A-Za-z0-9]/)]
  if (runs.some((run) => readEncoded(run) !== null)) return 'encoded-text'
  if (isRunningText(part)) return 'running-text'
  return isRandom(part) ? 'random-looking' : null
}

// Parameters whose purpose is to carry what a person typed: searches, shared posts, places.
const typedByPeople = new Set(
  (
    'q oq query search search_query k keyword keywords text title subject body summary description quote hashtags ' +
    'address destination origin daddr saddr location name term p prompt filter jql tag tags label labels'
  ).split(' '),
)

/** Sentences where an identifier is expected, or more of them than anybody searches for. */
function isRunningText({ text, where, name }: Part): boolean {
  if (where === 'host') return false
  // Browsers' own links to a passage quote it behind `#:~:text=`.
  const isTyped = where === 'fragment' || typedByPeople.has(name) || name.startsWith('utm_')
  const words = text.split(/[\s+]+/).filter((word) => /\p{L}{2}/u.test(word)).length
  if (/^\s*[[{].*["'].*:/s.test(text) && text.length >= 24) return true
  return words >= (where === 'path' ? 8 : isTyped ? 24 : 6)
}

/** Digests (MD5, SHA-1, SHA-256) and UUIDs name things, also files. */
const isDigest = joined(
  /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/i,
  /(?:\.[a-z0-9]{1,5})?$/,
)

/** Longer than identifiers are, and without the pattern of words. */
function isRandom({ text, where }: Part): boolean {
  if (isDigest.test(text)) return false
  const least = { host: 24, query: 44, fragment: 44, path: 64 }[where]
  const runs = text.split(where === 'host' ? /[^A-Za-z0-9]/ : /[^A-Za-z0-9+/=_~-]/)
  return runs.some((run) => {
    if (run.length < least || !/[0-9]/.test(run) || !/[A-Za-z]/.test(run) || isMadeOfWords(run)) return false
    const isHex = /^[0-9a-f]+$/i.test(run)
    // Hex has 4 bits a letter at most, short runs have less than their alphabet.
    return entropyOf(run) >= (isHex ? 3.2 : where === 'host' ? 3.4 : 4.2)
  })
}

/** `the-borrow-checker-1a2b3c4d5e6f`: mostly words, which are letters of one case or begin with a capital. */
function isMadeOfWords(run: string): boolean {
  const words = run.split(/[-_~=+/]/).filter((piece) => /^[A-Za-z]?(?:[a-z]+|[A-Z]+)$/.test(piece))
  return words.reduce((sum, word) => sum + word.length, 0) / run.length > 0.6
}
