/** Where a text names an address, and what a reader's program does with it. */
export interface Place {
  /** First unit of the address. */
  start: number
  /** Behind its last unit. */
  end: number
  /**
   * `load`: fetched as soon as it is shown. `refer`: the name of an address that stands elsewhere and is loaded.
   * `define`: named here, used elsewhere. `link`: fetched when clicked.
   */
  use: 'load' | 'refer' | 'define' | 'link'
  /** The address goes on to the end of the text, where more of it may come. */
  open: boolean
  /** Longer than any address needs to be: its end is only the end of what was read. */
  endless: boolean
}

// Longest address that is read. Browsers take more; servers commonly stop at 8 KiB and people at 2,000 characters.
export const maxAddressUnits = 2048
// How far before an address is looked for what makes it an image: alternative text, the name of a tag.
export const maxLeadUnits = 448

/**
 * Every place at which Markdown, HTML or CSS names an address, and bare addresses, by their beginnings. They overlap:
 * an address in brackets is there as such and as a bare one, and one inside another (`https://a.example/?to=https:…`)
 * is there by itself.
 * @param from addresses that begin before are left out
 */
export function placesIn(text: string, from = 0): Place[] {
  const places: Place[] = []
  // What leads to an address stands right before it.
  anchor.lastIndex = Math.max(0, from - 64)
  for (let hit = anchor.exec(text); hit; hit = anchor.exec(text)) {
    const place = read(text, hit.index, hit[0])
    anchor.lastIndex = hit.index + 1
    if (place && place.start >= from) places.push(place)
  }
  return places.sort((a, b) => a.start - b.start)
}

const loading =
  'srcset|src|imagesrcset|poster|background|data|lowsrc|dynsrc|xlink:href|href|action|formaction|ping|icon'
const anchor = new RegExp(
  [
    '\\]\\([ \\t\\n]{0,8}', // [text](address)
    '\\]:[ \\t]{0,8}', // [name]: address
    '\\]\\[', // ![text][name]
    `(?<![A-Za-z0-9:-])(?:${loading})\\s{0,8}=\\s{0,8}`,
    '(?<![A-Za-z0-9_.])url\\s{0,4}[(=]\\s{0,8}', // CSS, and the target of a refreshing page
    '@import\\s{1,8}',
    'image-set\\(\\s{0,8}',
    '(?<![A-Za-z0-9])(?:https?|wss?|ftp):',
    '(?<![A-Za-z0-9.@/])www\\.',
  ].join('|'),
  'gi',
)

function read(text: string, at: number, found: string): Place | null {
  const start = at + found.length
  const word = found.toLowerCase()
  if (word.startsWith('](')) return markdown(text, start, isImage(text, at) ? 'load' : 'link')
  if (word.startsWith(']:')) return beginsLine(text, at) ? markdown(text, start, 'define') : null
  if (word === '][') return isImage(text, at) ? until(text, start, /[\]\n]/g, 'refer') : null
  if (/^(?:url|image-set|@import)/.test(word)) return style(text, at, start, word)
  if (word.includes('=')) return attribute(text, at, start, word)
  return bareAddress(text, at)
}

/** Is the `[` that belongs to this `]` behind an exclamation mark? If it stands too far away to be seen: yes. */
function isImage(text: string, close: number): boolean {
  let depth = 0
  const stop = Math.max(0, close - maxLeadUnits)
  for (let i = close - 1; i >= stop; i--) {
    if (text[i] === ']') depth++
    if (text[i] === '[' && depth-- === 0) return text[i - 1] === '!'
  }
  return stop > 0
}

function beginsLine(text: string, close: number): boolean {
  const lead = text.slice(Math.max(0, close - maxLeadUnits), close)
  return /(?:^|\n)[ >]{0,8}\[[^\n]{1,500}$/.test(lead)
}

function markdown(text: string, start: number, use: Place['use']): Place {
  if (text[start] === '<') return until(text, start + 1, /[>\n]/g, use)
  let depth = 0
  const limit = Math.min(text.length, start + maxAddressUnits)
  for (let i = start; i < limit; i++) {
    const unit = text[i]!
    if (unit === '(') depth++
    // Another link's middle ends this one: reading on from every one of them would cost the square.
    if (/\s/.test(unit) || (unit === ')' && depth-- === 0) || text.startsWith('](', i)) return closed(start, i, use)
  }
  return unclosed(text, start, limit, use)
}

function style(text: string, at: number, start: number, word: string): Place | null {
  // `url=` is an address of its own only in what a refreshing page is told.
  if (word.includes('=') && !/<meta\b[^>]{0,400}$/i.test(text.slice(Math.max(0, at - maxLeadUnits), at))) return null
  // `@import url(` comes again as `url(`.
  if (word.startsWith('@') && !/["']/.test(text[start] ?? '')) return null
  return quoted(text, start, /[()\s;>"']/g, 'load')
}

function attribute(text: string, at: number, start: number, word: string): Place | null {
  const lead = text.slice(Math.max(0, at - maxLeadUnits), at)
  const tag = /<([A-Za-z][A-Za-z0-9:-]{0,30})(?:[\s/][^<>]{0,480})?$/.exec(lead)
  if (!tag) return null
  const clicked = /^(?:a|area|form|button|input)$/i.test(tag[1]!) && !word.startsWith('src')
  return quoted(text, start, /[\s>]/g, clicked ? 'link' : 'load')
}

function quoted(text: string, start: number, bareEnd: RegExp, use: Place['use']): Place {
  const quote = text[start]
  if (quote === '"') return until(text, start + 1, /"/g, use)
  if (quote === "'") return until(text, start + 1, /'/g, use)
  return until(text, start, bareEnd, use)
}

function bareAddress(text: string, start: number): Place {
  const scheme = /^(?:[a-z]{2,5}:)?/i.exec(text.slice(start, start + 6))![0].length
  const place = { ...until(text, start, bareEnd, 'link', scheme), start }
  if (place.endless) return place
  // Marks behind an address belong to the sentence; a closing bracket does unless it was opened inside.
  let end = place.end
  for (let unit = text[end - 1]!; end > start && /[.,;:!?)\]}*_~]/.test(unit); unit = text[end - 1]!) {
    if (unit === ')' && balanced(text.slice(start, end))) break
    end--
  }
  return { ...place, end: place.open ? place.end : end }
}

// What closes brackets and quotes around an address, signs of other scripts, and the next address.
const bareEnd = /[\s<>"'`|\u3000-\u303f\uff00-\uffef]|\*\*|\]\(|(?<![A-Za-z0-9])(?:https?|wss?|ftp):/gi

function balanced(address: string): boolean {
  return address.split('(').length >= address.split(')').length
}

/** @param skip units at the start in which its end is not looked for */
function until(text: string, start: number, end: RegExp, use: Place['use'], skip = 0): Place {
  const limit = Math.min(text.length, start + maxAddressUnits)
  const part = text.slice(start, limit)
  end.lastIndex = skip
  const hit = end.exec(part)
  if (hit) return closed(start, start + hit.index, use)
  return unclosed(text, start, limit, use)
}

function closed(start: number, end: number, use: Place['use']): Place {
  return { start, end, use, open: false, endless: false }
}

/** What a too long address is taken to go on with, whatever encloses it. */
export const goesOn = /[^\s"'<>)]*/y

function unclosed(text: string, start: number, limit: number, use: Place['use']): Place {
  if (limit < start + maxAddressUnits) return { start, end: limit, use, open: true, endless: false }
  goesOn.lastIndex = limit
  return { start, end: limit + goesOn.exec(text)![0].length, use, open: false, endless: true }
}
