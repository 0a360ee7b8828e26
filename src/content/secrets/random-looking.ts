/**
 * Does a value look as if a generator had made it? Used where only the name beside it says "secret", so that
 * `token = getToken()` and `password: changeme` stay readable.
 */
export function looksGenerated(value: string): boolean {
  if (isPlaceholder(value) || value.length < 12) return false
  if (!/[A-Za-z]/.test(value)) return false
  // Without a digit only mixed letters that are far from words will do: one token in a hundred of 24 has none.
  if (!/[0-9]/.test(value) && !isMixed(value)) return false
  if (/\d\.\d{1,4}\.\d/.test(value)) return false // a version, an address
  if (/^0x[0-9a-f]{40}$/i.test(value)) return false // an account or contract of Ethereum, which is public
  if (readsAsWords(value)) return false
  // Shannon entropy of uniform hex of 16 digits is about 3.0 bits a character, that of English words below it.
  return entropyOf(value) >= (/^[0-9a-fA-F-]+$/.test(value) ? 2.6 : 3)
}

/** Twenty letters or more, capitals among them, that do not follow each other as in words. */
function isMixed(value: string): boolean {
  return value.length >= 20 && /[a-z][A-Z].{0,256}[A-Z][a-z]/.test(value) && wordShare(value) <= 0.6
}

/** Passwords are shorter and made by people: two kinds of characters will do, but not code and not a sentence. */
export function looksLikePassword(value: string): boolean {
  if (isPlaceholder(value) || value.length < 6) return false
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length
  if (kinds < 2 || !/[0-9]|[^A-Za-z0-9_.\-/]/.test(value) || isPathOrName(value)) return false
  return !/[()]|^[a-z][\w.]*\[|[:\]]$|^[a-z][a-z0-9+.-]*:\/\//.test(value) && entropyOf(value) >= 2.5
}

/** `#add-password`, `/en/password@3.0`, `cms/passwords#edit`, `AppID:AppSecret`, `@proxy-host:1080`. */
function isPathOrName(value: string): boolean {
  if (/^\.{0,2}\/[\w.@/-]{0,160}$|^@[\w.-]{1,80}:\d{2,5}$/.test(value)) return true
  return /^[#.]?[A-Za-z][A-Za-z_-]{0,80}(?:[:#/.][A-Za-z][A-Za-z_-]{0,80}){0,8}$/.test(value) && readsAsWords(value)
}

/** Stand-ins that people write where a secret goes, references to a secret elsewhere, and what we redacted before. */
export function isPlaceholder(value: string): boolean {
  return isStandIn(value) || isFiller(value)
}

/**
 * What stands for a password in an address: `toor` repeats its letters because it is short, not because it is typed in
 * place of something.
 */
export function isAddressPassword(value: string): boolean {
  if (value.length < 8) return !isStandIn(value) && !hasAtMost(2, value.toLowerCase())
  return !isPlaceholder(value)
}

function isStandIn(value: string): boolean {
  if (/\[REDACTED|\$\{|\{\{|^\\?\$[A-Za-z_(]|^%[A-Z_]{1,60}%|^\*{3}|\.\.|…|####/.test(value)) return true
  if (/^[<{[][^>}\]]{0,100}[>}\]]?$|^(?:pass|passw(?:or)?d|pw|secret|token|key)[>}\]]?$/i.test(value)) return true
  if (/^(?:postgres|mysql|mongodb|rabbitmq)$|replace[_-]|your[_-]|your(?:api|pass|secret|token|key|access)|change[_-]?me/i.test(value)) return true
  if (/placeholder|(?<![A-Za-z])(?:example|dummy|insert[_-]|enter[_-])|[_-]here$|redacted/i.test(value)) return true
  if (/:\d{12}:/.test(value)) return true // a name of Amazon's (ARN): it says where a secret is
  return /process\.env|os\.environ|getenv|secrets?\.|vault:/i.test(value)
}

/** `xxxxxxxx-xxxxx`, `1231231231`, `0000…`: three different characters or less are typed, not generated. */
export function isFiller(value: string): boolean {
  return hasAtMost(3, value.toLowerCase())
}

/**
 * `xxxx-xxxx`, `SlackTokenGoesHere`: behind a vendor's prefix only what a person typed in its place is no secret.
 * Stricter would cost real tokens: of random ones of 24 letters one in a thousand has so few digits and reads so well.
 */
export function looksTyped(value: string): boolean {
  if (/^[x*#._-]+$|your_|_here|x{8}/i.test(value) || /^(?:1[23]{0,2}){3,}|^(?:1234-){2}/.test(value)) return true
  return !/[0-9](?:[^0-9]*[0-9]){2}/.test(value) && !isRepetition(value) && readsAsWords(value)
}

/** `AAAAAAAA` is what tests and manuals write in place of a key that is to be found. */
function isRepetition(value: string): boolean {
  return hasAtMost(2, value)
}

/** Whether so few different characters make it up. Values that are not random show more after a few letters. */
function hasAtMost(most: number, value: string): boolean {
  const seen: string[] = []
  for (const letter of value) {
    if (seen.includes(letter)) continue
    if (seen.push(letter) > most) return false
  }
  return true
}

/** Bits per character by the frequencies within the value (Shannon, 1948). */
export function entropyOf(value: string): number {
  const counts = new Map<string, number>()
  for (const letter of value) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length)
  return bits
}

/**
 * `us-east1-gcp-starter`, `getTokenV2`: pieces that are words with a number at most, or pairs of letters that follow
 * each other in words. Of random letters three pairs in eight are such pairs, of words nineteen in twenty (measured
 * over the documentation of 1,000 npm packages; the pairs below make up 96.5 % of it).
 */
export function readsAsWords(value: string): boolean {
  const share = wordShare(value)
  if (share < 0.6) return false
  const isPieces = /^(?:[A-Za-z]{0,20}\d{0,2}|\d{3,4})(?:[-_.:/](?:[A-Za-z]{0,20}\d{0,2}|\d{3,4}))+$/.test(value)
  return isPieces || (share >= 0.75 && lettersInRuns(value) / value.length > 0.5)
}

/** How many letters stand beside at least two others. */
function lettersInRuns(value: string): number {
  let letters = 0
  let run = 0
  for (let i = 0; i <= value.length; i++) {
    const unit = i < value.length ? value.charCodeAt(i) | 32 : 0
    if (unit >= 97 && unit <= 122 && value.charCodeAt(i) < 128) {
      run++
      continue
    }
    if (run >= 3) letters += run
    run = 0
  }
  return letters
}

const followers: Readonly<Record<string, string>> = {
  a: 'bcdfgiklmnprstuvwy', b: 'aeilorsu', c: 'acehiklortuy', d: 'adegilorsu', e: 'abcdefgilmnpqrstvwx',
  f: 'aefilortuy', g: 'aeghilnorsu', h: 'aeiortu', i: 'abcdefglmnoprstvxz', j: 'es', k: 'eis', l: 'adeilostuy',
  m: 'abeimopsu', n: 'acdefgiklnostuv', o: 'abcdfgiklmnoprstuvwx', p: 'aehiloprstu', q: 'u', r: 'acdefgiklmnorstuvy',
  s: 'acehiklmopstuy', t: 'acehilorstuy', u: 'abcdegilmnprst', v: 'aeio', w: 'aehinors', x: 'eipt', y: 'nps', z: 'ae',
}

/** A bit for each letter that may follow, by letter; a text is asked for every pair it has. */
const followerBits = Int32Array.from('abcdefghijklmnopqrstuvwxyz', (letter) =>
  [...followers[letter]!].reduce((bits, after) => bits | (1 << (after.charCodeAt(0) - 97)), 0))

/** The share of neighbouring letters that are neighbours in words too. 1 where no two letters are neighbours. */
function wordShare(value: string): number {
  const text = value.toLowerCase()
  let pairs = 0
  let common = 0
  let before = -1
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i) - 97
    const letter = unit >= 0 && unit < 26 ? unit : -1
    if (before >= 0 && letter >= 0) {
      pairs++
      common += (followerBits[before]! >>> letter) & 1
    }
    before = letter
  }
  return pairs === 0 ? 1 : common / pairs
}
