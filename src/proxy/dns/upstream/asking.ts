import { decode, encode, type Answer, type DecodedPacket } from 'dns-packet'
import type { Random } from '../../../base/index.ts'
import { wireType } from '../reply.ts'

/** One question on its way to a resolver, with all that its answer has to match. */
export interface Asking {
  id: number
  /** In letters of mixed case that nobody off the path can know. */
  spelled: string
  name: string
  type: string
  /** Our half of a cookie (RFC 7873); `null` where there is none. */
  cookie: Buffer | null
  bytes: Buffer
}

/** Something that answers questions: a resolver by UDP and TCP, a service over HTTPS. */
export interface Upstream {
  /** How it is named to a person: `10.0.0.2:53`, `https://dns.quad9.net/dns-query`. */
  title: string
  /** Asks. @throws when there is no answer, or none that matches, until the signal aborts */
  ask(question: { name: string; type: string }, signal: AbortSignal): Promise<DecodedPacket>
  close(): Promise<void>
}

// What we can take over UDP without fragments (DNS Flag Day 2020).
const payloadBytes = 1232

/**
 * Makes a question nobody can answer who does not see it: a random number, a random spelling (draft-vixie-dnsext-0x20)
 * and a cookie, from a port that is random too. Nothing the client sent goes along but name and type.
 */
export function makeAsking({ name, type }: { name: string; type: string }, random: Random, options: { edns: boolean; spelling: boolean }): Asking {
  const chance = random.bytes(2 + 32 + 8)
  const id = options.spelling ? chance.readUInt16BE(0) : 0 // RFC 8484, section 4.1: 0 lets caches of HTTP work
  const spelled = options.spelling ? spell(name, chance.subarray(2, 34)) : name
  const cookie = options.edns && options.spelling ? chance.subarray(34) : null
  const flags = (1 << 8) | (1 << 5) // recursion wanted; AD: tell us what you verified (RFC 6840, section 5.7)
  const bytes = encode({ type: 'query', id, flags, questions: [{ name: spelled, type: wireType(type), class: 'IN' }], additionals: options.edns ? [opt(cookie, name)] : [] })
  return { id, spelled, name, type, cookie, bytes }
}

/** Over HTTPS the length of a question would tell the name: filled up to 128 bytes (RFC 8467, section 4.1). */
function opt(cookie: Buffer | null, name: string): Answer {
  // Header 12, name and 2 bytes, type and class 4, OPT 11, option 4.
  const bare = 12 + name.length + 2 + 4 + 11 + 4
  const option = cookie ? { code: 10, data: cookie } : { code: 12, length: (128 - (bare % 128)) % 128 }
  return { type: 'OPT', name: '.', udpPayloadSize: payloadBytes, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [option] } as unknown as Answer
}

function spell(name: string, chance: Buffer): string {
  let spelled = ''
  for (let i = 0; i < name.length; i++) {
    const upper = (chance[(i >> 3) % chance.length]! >> (i & 7)) & 1
    spelled += upper === 1 ? name[i]!.toUpperCase() : name[i]!
  }
  return spelled
}

/** Is this the answer to that? `spelling`: all is right but the letters' case, which some resolvers do not keep. */
export function readAnswer(bytes: Buffer, asking: Asking): { packet: DecodedPacket } | 'foreign' | 'spelling' {
  let packet: DecodedPacket
  try {
    packet = decode(bytes)
  } catch {
    return 'foreign'
  }
  const [question, ...more] = packet.questions ?? []
  if (!packet.flag_qr || packet.id !== asking.id || more.length > 0) return 'foreign'
  // A server too old for EDNS may send back nothing but a header; asked without it, it has to repeat the question.
  if (!question) return asking.cookie && (packet as unknown as { rcode: string }).rcode === 'FORMERR' ? { packet } : 'foreign'
  if (question.type !== wireType(asking.type) || question.class !== 'IN' || question.name.toLowerCase() !== asking.name) return 'foreign'
  if (!echoesCookie(packet, asking.cookie)) return 'foreign'
  return question.name === asking.spelled ? { packet } : 'spelling'
}

/** A resolver that knows cookies sends ours back (RFC 7873, section 5.3); one that does not sends none. */
function echoesCookie({ additionals }: DecodedPacket, cookie: Buffer | null): boolean {
  const opt = additionals?.find((record) => record.type === 'OPT')
  if (!cookie || opt?.type !== 'OPT') return true
  const echoed = opt.options.find(({ code }) => Number(code) === 10)?.data
  return echoed === undefined || echoed.subarray(0, 8).equals(cookie)
}
