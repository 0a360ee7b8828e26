import type { Clock } from '../../base/index.ts'
import { registrable } from './name.ts'

/** Questions that look like data being carried out under a domain. */
export interface TunnelSign {
  domain: string
  /** What about them. */
  shape: string
}

/** Looks at every question, approved or not, and remembers for a window what was asked under each domain. */
export interface TunnelWatch {
  /**
   * @param under the domain of the wildcard that approved it; `null`: the one somebody could own
   * @returns the sign, once per domain and window, or `null`
   */
  observe(question: { name: string; type: string }, under: string | null): TunnelSign | null
  /** Was something noticed under this name's domain in this window? */
  isNoticed(name: string, under: string | null): boolean
}

// Long enough for a slow leak to add up, short enough for a day's normal work not to.
export const windowMs = 600_000
// What is remembered, of as many domains as one person's agents meet (as wildcards, and as others); the one not asked
// for longest is forgotten.
const maxDomains = 512

// Names of services: the longest labels in use are hashes of 32 to 40 digits and UUIDs of 36. Tunnels (iodine, dnscat2,
// DNSExfiltrator) fill labels of 63 to carry anything at all.
const longLabel = 50
// All that is left of the domain: four labels of a load balancer's name come to 60.
const longPrefix = 100
// Distinct names under one domain. Shards and buckets of one service are some dozens.
const maxNames = 150
// Bytes of distinct names left of the domain: 4 KiB is a private key; a hundred ordinary host names are half of it.
const maxNameBytes = 4096
// Records that carry free text back; mail and ownership checks ask for a handful.
const maxTextQuestions = 40
const textTypes: ReadonlySet<string> = new Set(['TXT', 'NULL', 'CNAME', 'MX', 'SRV', 'ANY', 'UNKNOWN_65399'])
// A label of random letters: base32 of 24 letters has some 3.9 bits a letter, hexadecimal 3.4, words and numbers 3.
const randomLength = 24
const randomBits = 3.6
// One such label is an identifier, a dozen of them under one domain are pieces of something.
const maxRandomLabels = 12

interface Seen {
  since: number
  names: Set<string>
  bytes: number
  textQuestions: number
  randomLabels: number
  noticed: boolean
}

export function createTunnelWatch(clock: Clock): TunnelWatch {
  // Apart, so that names nobody approved, of which anybody can think up as many as he likes, push no wildcard out.
  const [ofWildcards, ofOthers] = [new Map<string, Seen>(), new Map<string, Seen>()]
  const mapOf = (under: string | null): Map<string, Seen> => (under === null ? ofOthers : ofWildcards)

  const seenOf = (domain: string, domains: Map<string, Seen>): Seen => {
    const now = clock.monotonicMs()
    const known = domains.get(domain)
    const seen = known && now - known.since < windowMs ? known : { since: now, names: new Set<string>(), bytes: 0, textQuestions: 0, randomLabels: 0, noticed: false }
    domains.delete(domain)
    domains.set(domain, seen)
    if (domains.size > maxDomains) domains.delete(domains.keys().next().value!)
    return seen
  }

  return {
    observe({ name, type }, under) {
      const domain = under ?? registrable(name)
      const seen = seenOf(domain, mapOf(under))
      if (seen.noticed) return null // said once; and nothing more is remembered of it
      const shape = judge(count(seen, name, domain, type), name, domain)
      if (shape === null) return null
      seen.noticed = true
      seen.names.clear()
      return { domain, shape }
    },
    isNoticed(name, under) {
      const seen = mapOf(under).get(under ?? registrable(name))
      return seen !== undefined && seen.noticed && clock.monotonicMs() - seen.since < windowMs
    },
  }
}

function count(seen: Seen, name: string, domain: string, type: string): Seen {
  if (textTypes.has(type)) seen.textQuestions++
  if (name === domain || seen.names.has(name)) return seen
  seen.names.add(name)
  const labels = prefixOf(name, domain)
  seen.bytes += labels.length
  if (labels.split('.').some((label) => label.length >= randomLength && bitsPerLetter(label) >= randomBits)) seen.randomLabels++
  return seen
}

function judge(seen: Seen, name: string, domain: string): string | null {
  const prefix = prefixOf(name, domain)
  if (prefix.split('.').some((label) => label.length >= longLabel)) return `a label of ${longLabel} characters and more`
  if (prefix.length >= longPrefix) return `a name of ${longPrefix} characters below the domain`
  if (seen.names.size > maxNames) return `more than ${maxNames} different names`
  if (seen.bytes > maxNameBytes) return `different names of more than ${maxNameBytes} bytes together`
  if (seen.randomLabels > maxRandomLabels) return `more than ${maxRandomLabels} long labels of random letters`
  if (seen.textQuestions > maxTextQuestions) return `more than ${maxTextQuestions} questions for records that carry text`
  return null
}

function prefixOf(name: string, domain: string): string {
  return name === domain ? '' : name.slice(0, name.length - domain.length - 1)
}

/** Shannon's entropy of the letters of a label. */
function bitsPerLetter(label: string): number {
  const counts = new Map<string, number>()
  for (const letter of label) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  let bits = 0
  for (const n of counts.values()) bits -= (n / label.length) * Math.log2(n / label.length)
  return bits
}
