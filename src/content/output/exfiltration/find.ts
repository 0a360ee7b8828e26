import { markOf, replaceSpans, type Finder } from '../spans.ts'
import { createSpanStream, type SpanStream } from '../stream.ts'
import { isAllowedHost, readAddress } from './address.ts'
import { isCollector } from './collectors.ts'
import type { CopiedText } from './copied.ts'
import { payloadOf, type PayloadReason } from './payload.ts'
import { goesOn, maxAddressUnits, maxLeadUnits, placesIn, type Place } from './place.ts'

export type ExfiltrationReason =
  | PayloadReason
  /** An image, frame or style that is fetched from a host nobody allowed as soon as it is shown. */
  | 'loads-by-itself'
  /** An image whose address stands elsewhere in the text. */
  | 'defined-elsewhere'
  /** A service that shows its owner every request it gets. */
  | 'collector'
  /** `https://trusted.example@evil.example`. */
  | 'user-in-address'
  /** A host without a name is told something. */
  | 'nameless-host'
  /** `javascript:` and documents inside the address. */
  | 'script'
  | 'too-long'

/** An address that would carry something out. Offsets are UTF-16 units and cover the address alone. */
export interface ExfiltrationFinding {
  type: 'exfiltration-image' | 'exfiltration-link'
  start: number
  end: number
  reason: ExfiltrationReason
  /** As a browser would resolve it; empty where there is none. Attacker-controlled. */
  host: string
}

export interface ExfiltrationOptions {
  /** Hosts that may get anything: `example.com`, or `*.example.com` for all below it. Default none. */
  allowedHosts?: readonly string[]
  /** What was said before, from `rememberText`: an address that repeats it is a finding. */
  conversation?: CopiedText
}

/**
 * Finds addresses through which a text, once shown, would send data away: whatever loads by itself from a host that is
 * not allowed, and links that carry a payload. Linear in the length of the text.
 * @returns sorted, not overlapping
 */
export function findExfiltration(text: string, options: ExfiltrationOptions = {}): ExfiltrationFinding[] {
  return findFrom(text, 0, options)
}

function findFrom(text: string, from: number, options: ExfiltrationOptions): ExfiltrationFinding[] {
  const found: ExfiltrationFinding[] = []
  let taken = 0
  let before: Place | null = null
  for (const place of placesIn(text, from)) {
    // Judging costs microseconds: what overlaps a finding would be dropped, and an address in brackets comes twice.
    if (place.start < taken || (before && isSame(place, before))) continue
    before = place
    const finding = judge(text, place, options)
    if (!finding) continue
    found.push(finding)
    taken = finding.end
  }
  return found
}

function isSame(one: Place, other: Place): boolean {
  return one.start === other.start && one.end === other.end && one.use === other.use && one.endless === other.endless
}

/** Replaces such addresses by `[REDACTED_EXFILTRATION_IMAGE]` or `…_LINK]`; what stands around them is left. */
export function redactExfiltration(text: string, options: ExfiltrationOptions = {}): string {
  return replaceSpans(text, findExfiltration(text, options), ({ type }) => markOf(type))
}

/** How many UTF-16 units at the end of a text may still become, or lengthen, an address: at most 2,048. */
export function pendingExfiltrationLength(text: string): number {
  const from = Math.max(0, text.length - maxAddressUnits - lookBehind)
  const tail = text.slice(from)
  const open = placesIn(tail).find((place) => place.open)
  const held = open ? tail.length - open.start : 0
  return Math.max(held, begun.exec(tail)?.[0].length ?? 0)
}

export function exfiltrationFinder(options: ExfiltrationOptions = {}): Finder<ExfiltrationFinding> {
  return {
    find: (text, from = 0) => findFrom(text, from, options),
    pending: pendingExfiltrationLength,
    lookBehind,
    rest: ({ reason }) => (reason === 'too-long' ? goesOn : null),
  }
}

/** Redacts a text that arrives in chunks, as `redactExfiltration` does the whole. */
export function createExfiltrationRedactor(options: ExfiltrationOptions = {}): SpanStream<ExfiltrationFinding> {
  return createSpanStream(exfiltrationFinder(options), ({ type }) => markOf(type))
}

// The lead, and what stands between it and the address: a bracket, an attribute's name, blanks.
const lookBehind = maxLeadUnits + 64

/** The beginning of what an address without anything around it begins with. */
const begun = /(?<![A-Za-z0-9])(?:h(?:t(?:t(?:ps?)?)?)?|w(?:ss?|w{0,2})|f(?:tp?)?)$/i

function judge(text: string, place: Place, options: ExfiltrationOptions): ExfiltrationFinding | null {
  const { start, end, use } = place
  const written = text.slice(start, end)
  const finding = (reason: ExfiltrationReason, host: string): ExfiltrationFinding => ({
    type: use === 'load' || use === 'refer' ? 'exfiltration-image' : 'exfiltration-link',
    start,
    end,
    reason,
    host,
  })
  // What was redacted before is no name of an image.
  if (use === 'refer') return /^(?:\[REDACTED_|$)/.test(written) ? null : finding('defined-elsewhere', '')
  if (!leadsAway.test(written)) return null
  const addresses = use === 'load' && /,\s|\s\d/.test(written) ? written.split(/,\s*|\s+/) : [written]
  for (const one of addresses) {
    const address = readAddress(one)
    if (!address || address.kind === 'local') continue
    const { url } = address
    if (address.kind === 'script') {
      if (use !== 'load') return finding('script', '')
    } else if (!isAllowedHost(url.hostname, options.allowedHosts ?? [])) {
      const reason = place.endless ? 'too-long' : use === 'load' ? 'loads-by-itself' : linkReason(url, use, options)
      if (reason) return finding(reason, url.hostname)
    }
  }
  return null
}

// Without one of these, also written as a character reference, an address stays on its own page; see `readAddress`.
const leadsAway = /[:/\\&]|w[\t\n\r]*w[\t\n\r]*w/i

function linkReason(url: URL, use: Place['use'], { conversation }: ExfiltrationOptions): ExfiltrationReason | null {
  // A development server on the reader's own machine hears nothing it could pass on.
  if (/^(?:localhost|127\.[0-9.]+|\[::1\])$/.test(url.hostname)) return null
  if (url.username || url.password) return 'user-in-address'
  if (isCollector(url)) return 'collector'
  const isTold = url.search.length > 1 || url.hash.length > 1
  if (isTold && /^(?:[0-9.]+|\[.*\])$/.test(url.hostname)) return 'nameless-host'
  // Named here, it may be an image's: those carry something as soon as there are parameters.
  if (use === 'define' && url.search.length > 8) return 'loads-by-itself'
  return payloadOf(url, conversation ?? null)
}
