import { createHmac } from 'node:crypto'
import { encode, type Answer, type Packet, type RecordType } from 'dns-packet'
import type { NoQuestion, Question } from './question.ts'

/** What is said in return. */
export interface Reply {
  rcode: Rcode
  /** Records of the answer section, time to live in seconds. */
  records: readonly Answer[]
  /** The upstream says it verified them (AD). Passed on, never claimed by us. */
  authentic: boolean
  /** Why there is less than was asked for, for whoever looks: an Extended DNS Error (RFC 8914). */
  why: { code: WhyCode; text: string } | null
}

export type Rcode = keyof typeof rcodes

// RFC 1035, section 4.1.1; BADVERS is RFC 6891, section 9, in the extended half.
const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, BADVERS: 16 } as const

/** Codes of RFC 8914, section 4: forged answer, blocked by us, prohibited for this client, nobody reachable. */
export type WhyCode = 4 | 15 | 18 | 22

// Fits every path without fragments (DNS Flag Day 2020): fragments are how foreign answers are slipped in.
const payloadBytes = 1232
// RFC 1035, section 4.2.1: what a client without EDNS can take over UDP.
const plainUdpBytes = 512
const maxTcpBytes = 65_535

/** The bytes of a reply, cut to what the client can take: an answer that is too long is asked for again over TCP. */
export function writeReply(question: Question, reply: Reply, to: { transport: 'udp' | 'tcp'; cookieSecret: Buffer; peer: string }): Buffer {
  const limit = to.transport === 'tcp' ? maxTcpBytes : question.edns ? Math.min(question.edns.payloadBytes, payloadBytes) : plainUdpBytes
  const packet = packetOf(question, reply, to)
  const bytes = encode(packet)
  if (bytes.length <= limit) return bytes
  return encode({ ...packet, flags: packet.flags! | truncated, answers: [] })
}

/** A reply to what could not be read: the header and nothing else, never more than was sent. */
export function writeBareReply({ id, opcode, rcode, recursionDesired }: NoQuestion): Buffer {
  return encode({ type: 'response', id, flags: (opcode << 11) | rcodes[rcode] | (recursionDesired ? recursionWanted : 0) | recursionOffered })
}

const [truncated, recursionWanted, recursionOffered, authenticData, checkingDisabled] = [1 << 9, 1 << 8, 1 << 7, 1 << 5, 1 << 4]

function packetOf(question: Question, { rcode, records, authentic, why }: Reply, to: { cookieSecret: Buffer; peer: string }): Packet {
  const flags =
    (rcodes[rcode] & 0xf) |
    recursionOffered |
    (question.recursionDesired ? recursionWanted : 0) |
    (question.checkingDisabled ? checkingDisabled : 0) |
    (authentic && question.wantsAuthentic ? authenticData : 0)
  return {
    type: 'response',
    id: question.id,
    flags,
    questions: [{ name: question.asked, type: wireType(question.type), class: question.class }],
    answers: [...records],
    additionals: question.edns ? [optOf(question, rcodes[rcode], why, to)] : [],
  }
}

/** Codes by number: the types of the codec end before these options were given theirs. */
interface Option {
  code: number
  data: Buffer
}

/** Never the subnet of the client, never DO: signatures are not passed on. */
function optOf({ edns }: Question, rcode: number, why: Reply['why'], { cookieSecret, peer }: { cookieSecret: Buffer; peer: string }): Answer {
  const options: Option[] = []
  if (edns?.clientCookie) options.push({ code: 10, data: Buffer.concat([edns.clientCookie, serverCookie(edns.clientCookie, peer, cookieSecret)]) })
  if (why) options.push({ code: 15, data: Buffer.concat([Buffer.from([0, why.code]), Buffer.from(why.text)]) })
  const opt = { type: 'OPT', name: '.', udpPayloadSize: payloadBytes, extendedRcode: rcode >> 4, ednsVersion: 0, flags: 0, flag_do: false, options }
  return opt as unknown as Answer
}

/** Ours alone to check, so any keyed digest will do (RFC 7873, section 4.3, and appendix B). */
function serverCookie(clientCookie: Buffer, peer: string, secret: Buffer): Buffer {
  return createHmac('sha256', secret).update(clientCookie).update(peer).digest().subarray(0, 16)
}

/** The codec's word for a type. */
export function wireType(type: string): RecordType {
  const word = type === 'SVCB' ? 'UNKNOWN_64' : type === 'HTTPS' ? 'UNKNOWN_65' : type
  return word as RecordType // its encoder takes UNKNOWN_ and any number
}
