import { messageOf, type Clock } from '../../base/index.ts'
import { clampTtl, type AnswerCache, type CacheLimits } from './cache.ts'
import type { DnsCounts } from './counts.ts'
import type { Ledger, NameDecision } from './ledger.ts'
import { isWithin, registrable, shownName } from './name.ts'
import type { Question } from './question.ts'
import type { Reply } from './reply.ts'
import { screen, type Screened, type ScreenRules } from './screen.ts'
import type { TunnelWatch } from './tunnelling.ts'
import type { Asked } from './upstream/pool.ts'

/** The rule that approves a name. */
export interface NameRule {
  /** Id of the rule: `egress.allowed-host`, `proof.control`. */
  rule: string
  /** Sentence for the log, naming the entry. */
  reason: string
  /** One host letter by letter, every name below a domain, or whatever is asked for (while hosts are being learned). */
  scope: 'host' | 'any' | { below: string }
}

/** What the filter asks before it answers. */
export interface FilterPorts extends ScreenRules {
  /** The rule that lets this name resolve, or `null`: nobody approved it. */
  isApproved(name: string): NameRule | null
  /** The rule that closes everything right now (kill switch, stale proof, lost tunnel), or `null`. */
  closedBy(name: string): { rule: string; reason: string } | null
  /** A running proof's own name: its refusal is always in the log. */
  isProbe(name: string): boolean
}

export interface Filter {
  /** @param peer address of whoever asks */
  answer(question: Question, peer: string): Promise<Reply>
  /** Addresses of a name that whoever calls has judged, by the same resolvers and the same screen. @throws when nobody answers */
  lookUp(name: string): Promise<string[]>
}

interface Around {
  ports: FilterPorts
  clock: Clock
  ledger: Ledger
  watch: TunnelWatch
  cache: AnswerCache
  counts: DnsCounts
  ask(question: { name: string; type: string }): Promise<Asked>
  limits: CacheLimits & { recordTypes: ReadonlySet<string>; refuseWith: 'REFUSED' | 'NXDOMAIN'; blockTunnels: boolean }
}

/** Judges questions and answers them. */
export function createFilter(around: Around): Filter {
  const underway = new Map<string, Promise<Screened | { failed: string }>>()
  return {
    async answer(question, peer) {
      around.counts.asked++
      const { name, type } = question
      if ((question.edns?.version ?? 0) > 0) return { ...nothing, rcode: 'BADVERS' }
      if (name === null || question.class !== 'IN') return { ...nothing, rcode: 'REFUSED' }
      if (isWithin(name, 'localhost')) return localhost(type, question.asked)
      const decision = await judge({ name, type }, around)
      if (!decision.allow) return refuse({ name, type, peer }, decision, around)
      // The decision is on the disk before its effect, which is a question to the world.
      const logged = await around.ledger.note({ name, type, peer }, decision, around.ports.isProbe(name)).then(() => true, () => false)
      if (!logged) return { ...nothing, rcode: 'SERVFAIL', why: { code: 15, text: 'dns.log-unavailable' } }
      around.counts.approved++
      if (!around.limits.recordTypes.has(type)) return { ...nothing, rcode: 'NOERROR' }
      const found = await find({ name, type }, around, underway)
      if ('failed' in found) return failure(around)
      return found.withheld ? { ...nothing, rcode: 'NOERROR', why: { code: 4, text: found.withheld.rule } } : { ...found, records: spelledAs(question, found), why: null }
    },
    async lookUp(name) {
      const found = await Promise.all(['A', 'AAAA'].map((type) => find({ name, type }, around, underway)))
      const failed = found.find((one) => 'failed' in one)
      const addresses = found.flatMap((one) => ('failed' in one ? [] : one.records.flatMap((record) => (record.type === 'A' || record.type === 'AAAA' ? [record.data] : []))))
      if (addresses.length === 0 && failed) throw new Error(failed.failed)
      return addresses
    },
  }
}

const nothing: Omit<Reply, 'rcode'> = { records: [], authentic: false, why: null }

// Asked for wholesale, for zones, or to carry bytes both ways: no program of an agent needs them.
const refusedTypes: ReadonlySet<string> = new Set(['ANY', 'AXFR', 'IXFR', 'NULL', 'NAPTR', 'TKEY', 'TSIG', 'OPT', 'NS', 'SOA', 'PTR', 'SRV', 'CNAME', 'DNAME', 'HINFO', 'RP', 'SIG', 'KEY'])
// Asked by the way by browsers and resolvers, who take "there is none" for an answer and a refusal for a fault.
const optionalTypes: ReadonlySet<string> = new Set(['A', 'AAAA', 'HTTPS', 'SVCB', 'MX', 'TXT'])

async function judge(question: { name: string; type: string }, { ports, watch, ledger, counts, limits }: Around): Promise<NameDecision> {
  const { name, type } = question
  const approved = ports.isApproved(name)
  const under = approved !== null && typeof approved.scope === 'object' ? approved.scope.below : null
  // What a rule names letter by letter can carry nothing.
  const sign = approved?.scope === 'host' ? null : watch.observe(question, under)
  if (sign) {
    counts.tunnelling++
    const reason = `questions below ${shownName(sign.domain)} look like data carried out: ${sign.shape}`
    await ledger.alert({ rule: 'dns.tunnelling', reason, target: shownName(sign.domain), detail: { approved: approved !== null, shape: sign.shape } }).catch(() => undefined)
  }
  if (!approved) return { allow: false, rule: 'dns.not-approved', reason: 'no entry of egress.allowed_hosts has this name' }
  const closed = ports.closedBy(name)
  if (closed) return { allow: false, ...closed }
  if (refusedTypes.has(type) || !optionalTypes.has(type)) return { allow: false, rule: 'dns.record-type', reason: `records of type ${type.slice(0, 20)} are not passed` }
  if (limits.blockTunnels && approved.scope !== 'host' && watch.isNoticed(name, under)) {
    return { allow: false, rule: 'dns.tunnelling', reason: `${shownName(under ?? name)} is closed for a while: its questions looked like data carried out` }
  }
  return { allow: true, rule: approved.rule, reason: approved.reason }
}

function refuse(question: { name: string; type: string; peer: string }, decision: NameDecision, { ledger, ports, counts, limits }: Around): Reply {
  counts.refused++
  // No is no, written down or not; nobody has to wait for the disk to hear it.
  void ledger.note(question, decision, ports.isProbe(question.name)).catch(() => undefined)
  return { ...nothing, rcode: limits.refuseWith, why: { code: decision.rule === 'dns.not-approved' ? 18 : 15, text: decision.rule } }
}

/** From what is kept, or from a resolver; who asks the same at the same time shares one question. */
async function find(
  question: { name: string; type: string },
  around: Around,
  underway: Map<string, Promise<Screened | { failed: string }>>,
): Promise<Screened | { failed: string }> {
  const kept = around.cache.find(question.name, question.type)
  if (kept) {
    around.counts.cached++
    return kept
  }
  const key = `${question.type} ${question.name}`
  const running = underway.get(key)
  if (running) return await running
  if (underway.size >= maxUnderway || isCrowded(question.name, underway)) return { failed: 'too many questions are under way' }
  const started = askAndScreen(question, around).finally(() => underway.delete(key))
  underway.set(key, started)
  return await started
}

// Each holds a socket. A gateway that opens this many new hosts at once is not at work.
const maxUnderway = 256
// Of these, below one domain: whoever owns it may leave them all without an answer, and nobody else would get one.
const maxUnderwayOfDomain = 64

function isCrowded(name: string, underway: ReadonlyMap<string, unknown>): boolean {
  if (underway.size < maxUnderwayOfDomain) return false
  const domain = registrable(name)
  return [...underway.keys()].filter((key) => registrable(key.slice(key.indexOf(' ') + 1)) === domain).length >= maxUnderwayOfDomain
}

async function askAndScreen(question: { name: string; type: string }, around: Around): Promise<Screened | { failed: string }> {
  const { cache, counts, ledger, limits, ports } = around
  try {
    const asked = await around.ask(question)
    if ('failed' in asked) return asked
    const screened = screen(asked.packet, question, ports)
    if (screened === null) return { failed: `${asked.by} gave an answer that makes no sense` }
    if (screened.withheld) {
      counts.withheld++
      const { rule, reason } = screened.withheld
      await ledger.alert({ rule, reason, target: shownName(question.name), detail: { by: asked.by } })
    }
    cache.keep(question.name, question.type, screened)
    return clampTtl(screened, limits)
  } catch (error) {
    return { failed: messageOf(error) }
  }
}

function failure({ counts }: Around): Reply {
  counts.failed++
  return { ...nothing, rcode: 'SERVFAIL', why: { code: 22, text: 'dns.no-answer' } }
}

/** The first owner in the spelling of the question: some clients compare it letter by letter. */
function spelledAs({ asked, name }: Question, { records }: Screened): Reply['records'] {
  return asked === name ? records : records.map((record) => (record.name === name ? { ...record, name: asked } : record))
}

/** RFC 6761, section 6.3: it is this machine, and nobody else is asked. */
function localhost(type: string, name: string): Reply {
  const data = type === 'A' ? '127.0.0.1' : type === 'AAAA' ? '::1' : null
  if (data === null) return { ...nothing, rcode: 'NOERROR' }
  return { ...nothing, rcode: 'NOERROR', records: [{ type: type as 'A' | 'AAAA', name, class: 'IN', ttl: 3600, data }] }
}
