import type { Answer, DecodedPacket } from 'dns-packet'
import { canonicalName, isWithin } from './name.ts'
import { wireType, type Rcode } from './reply.ts'
import { readServiceBinding, type ServiceBinding } from './svcb.ts'

/** What is left of an upstream's answer, ready to be passed on and kept. */
export interface Screened {
  rcode: Extract<Rcode, 'NOERROR' | 'NXDOMAIN'>
  /** The chain of aliases, and records of the type that was asked for at its end. */
  records: readonly Answer[]
  authentic: boolean
  /** How long it may be kept, before it is clamped; seconds. */
  ttlSeconds: number
  /** Set when the answer leads where it must not; then there are no records. */
  withheld: { rule: string; reason: string } | null
}

/** What an answer is judged by. */
export interface ScreenRules {
  /** A rule of the operator's that forbids this name, by its text, or `null`. */
  deniedBy(name: string): string | null
  /** May this name lead to this address? The judgement of the way out: public, or private where the operator says so. */
  mayLeadTo(name: string, address: string): boolean
}

// Longer chains are loops or somebody's experiment; resolvers themselves stop at 8 to 16.
const maxAliases = 8
// No service needs more addresses; what is more only fills packets.
const maxRecords = 256
// Without a word from the zone a "no" is kept this long (RFC 2308, section 5, advises one to three hours at most).
const plainNegativeSeconds = 30
const maxNegativeSeconds = 300

/**
 * Judges an answer. The upstream's packet is attacker-controlled: whoever owns an approved domain writes it. What
 * does not belong to the question is dropped; one address that may not be reached condemns the whole answer, as it
 * does in the egress proxy, for a name that mixes public and private addresses is how rebinding looks.
 * @returns `null` when the upstream failed or its answer makes no sense
 */
export function screen(packet: DecodedPacket, asked: { name: string; type: string }, rules: ScreenRules): Screened | null {
  const rcode = (packet as unknown as { rcode: string }).rcode
  if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') return null
  const answers = (packet.answers ?? []).filter(isOrdinary)
  const chain = followAliases(answers, asked)
  if (chain === null) return null
  const authentic = packet.flag_ad
  const bad = judgeAliases(chain.aliases, rules)
  if (bad) return withhold(bad)
  const wanted = wireType(asked.type)
  const found = asked.type === 'CNAME' ? [] : answers.filter((record) => record.type === wanted && ownerOf(record) === chain.end)
  const records = found.slice(0, maxRecords).map((record) => cleaned(record, chain.end))
  for (const record of records) {
    const judged = judgeRecord(record, asked, rules)
    if (judged) return withhold(judged)
  }
  const all = [...chain.aliases, ...records]
  if (records.length === 0 && asked.type !== 'CNAME') return { rcode, records: all, authentic, ttlSeconds: negativeTtl(packet), withheld: null }
  return { rcode: 'NOERROR', records: all, authentic, ttlSeconds: Math.min(...all.map(ttlOf), 86_400), withheld: null }
}

type Ordinary = Answer & { ttl?: number; data: unknown }

/** Of the class that was asked for, with an owner that is a name. (OPT has neither.) */
function isOrdinary(record: Answer): record is Ordinary {
  return 'class' in record && record.class === 'IN' && record.flush !== true && ownerOf(record) !== null
}

function ownerOf({ name }: Answer): string | null {
  return canonicalName(name)
}

/** The aliases from the name that was asked for to the end of the chain; `null` when they turn in a circle. */
function followAliases(answers: readonly Ordinary[], asked: { name: string; type: string }): { aliases: Answer[]; end: string } | null {
  const aliases: Answer[] = []
  let end = asked.name
  for (;;) {
    const alias = answers.find((record) => record.type === 'CNAME' && ownerOf(record) === end)
    const target = alias ? canonicalName(String(alias.data)) : null
    if (!alias || (asked.type === 'CNAME' && aliases.length === 1)) return { aliases, end }
    if (target === null || aliases.length === maxAliases || target === asked.name) return null
    aliases.push({ type: 'CNAME', name: end, class: 'IN', ttl: ttlOf(alias), data: target })
    end = target
  }
}

// Names that mean this machine or this network wherever they are asked (RFC 6761, 6762, 7686).
const ownDomains = ['localhost', 'local', 'onion']

function judgeAliases(aliases: readonly Answer[], { deniedBy }: ScreenRules): Screened['withheld'] {
  for (const { name, data } of aliases as readonly { name: string; data: string }[]) {
    const denied = deniedBy(data)
    if (denied !== null) return { rule: 'dns.denied-alias', reason: `${name} is an alias of a name denied by denied_hosts entry ${denied}` }
    if (ownDomains.some((domain) => isWithin(data, domain))) return { rule: 'dns.local-alias', reason: `${name} is an alias of a name of this machine or network` }
  }
  return null
}

function judgeRecord(record: Answer, asked: { name: string; type: string }, rules: ScreenRules): Screened['withheld'] {
  const addresses = addressesIn(record)
  if (addresses === null) return { rule: 'dns.unreadable-record', reason: `a record of ${asked.name} cannot be read` }
  const target = bindingOf(record)?.target ?? null
  const denied = target === null ? null : rules.deniedBy(target)
  if (denied !== null) return { rule: 'dns.denied-alias', reason: `${asked.name} leads to a name denied by denied_hosts entry ${denied}` }
  const bad = addresses.find((address) => !rules.mayLeadTo(asked.name, address))
  if (bad === undefined) return null
  return { rule: 'dns.private-answer', reason: `${asked.name} leads to ${bad}, which is not public; list it in egress.allow_private if that is meant` }
}

function addressesIn(record: Answer): string[] | null {
  if (record.type === 'A' || record.type === 'AAAA') return [record.data]
  // A name that is none would come apart on its way through the codec. The root says that there is no mail (RFC 7505).
  if (record.type === 'MX') return record.data.exchange === '.' || canonicalName(record.data.exchange) !== null ? [] : null
  const binding = bindingOf(record)
  return binding === undefined ? [] : (binding?.addresses ?? null)
}

/** @returns `undefined` for records of other types, `null` when it cannot be read */
function bindingOf(record: Answer): ServiceBinding | null | undefined {
  if (record.type !== wireType('HTTPS') && record.type !== wireType('SVCB')) return undefined
  return readServiceBinding((record as { data: Buffer }).data)
}

/** A copy with nothing of the original but what we read. */
function cleaned(record: Ordinary, name: string): Answer {
  return { type: record.type, name, class: 'IN', ttl: ttlOf(record), data: record.data } as Answer
}

function ttlOf(record: Answer): number {
  const ttl = (record as { ttl?: number }).ttl ?? 0
  return ttl > 0x7fff_ffff ? 0 : ttl // RFC 2181, section 8: with the highest bit set it is zero
}

function withhold(withheld: NonNullable<Screened['withheld']>): Screened {
  return { rcode: 'NOERROR', records: [], authentic: false, ttlSeconds: plainNegativeSeconds, withheld }
}

/** RFC 2308, section 5: the smaller of the zone's own figure and the time its record lives. */
function negativeTtl({ authorities }: DecodedPacket): number {
  const soa = authorities?.find((record) => record.type === 'SOA')
  if (!soa || soa.type !== 'SOA') return plainNegativeSeconds
  return Math.min(ttlOf(soa), soa.data.minimum ?? plainNegativeSeconds, maxNegativeSeconds)
}
