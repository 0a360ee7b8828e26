import { decode, type DecodedPacket, type OptAnswer, type RecordClass } from 'dns-packet'
import { canonicalName } from './name.ts'

/** A question as somebody asked it, read strictly. Everything in it is attacker-controlled. */
export interface Question {
  id: number
  /** As it was spelled: the answer repeats it letter by letter, which is how a client knows it is meant. */
  asked: string
  /** In one spelling; `null` when it is no name of a host. */
  name: string | null
  /** `A`, `AAAA`, `HTTPS` …, or the codec's word for a number it does not know. */
  type: string
  /** `IN`, or what nobody should ask here (`CH`, `ANY` …). */
  class: RecordClass
  recursionDesired: boolean
  checkingDisabled: boolean
  /** The client wants to know whether the answer was authenticated (RFC 6840, section 5.7). */
  wantsAuthentic: boolean
  edns: Edns | null
}

/** What the client says about itself (RFC 6891). */
export interface Edns {
  payloadBytes: number
  version: number
  /** The client's half of a cookie (RFC 7873), or `null`. */
  clientCookie: Buffer | null
}

/** Not a question, but somebody waits: what is answered, with as little as there is. */
export interface NoQuestion {
  id: number
  opcode: number
  rcode: 'FORMERR' | 'NOTIMP'
  recursionDesired: boolean
}

/** A question has a name and a few options; programs send some forty bytes. */
export const maxQuestionBytes = 1024

/**
 * Reads a packet.
 * @returns `null` for what must not be answered: a response (two servers would answer each other for ever), or less
 * than a header
 */
export function readQuestion(bytes: Buffer): Question | NoQuestion | null {
  if (bytes.length < 12 || (bytes[2]! & 0x80) !== 0) return null
  const header = { id: bytes.readUInt16BE(0), recursionDesired: (bytes[2]! & 1) === 1 }
  const opcode = (bytes[2]! >> 3) & 0xf
  if (opcode !== 0) return { ...header, opcode, rcode: 'NOTIMP' } // NOTIFY, UPDATE and the like
  // One question, no records, and nothing added but what EDNS adds: all else is a trick or a mistake.
  const counts = [4, 6, 8, 10].map((at) => bytes.readUInt16BE(at))
  const plain = bytes.length <= maxQuestionBytes && counts[0] === 1 && counts[1] === 0 && counts[2] === 0 && counts[3]! <= 1
  const read = plain ? readPlain(bytes) : null
  return read ? { ...header, ...read } : { ...header, opcode, rcode: 'FORMERR' }
}

/** Classes the codec can repeat; others exist on paper. */
const knownClasses: ReadonlySet<string> = new Set(['IN', 'CS', 'CH', 'HS', 'ANY'])

/** Types the codec has no word for (RFC 9460). */
const laterTypes: Readonly<Record<string, string>> = { UNKNOWN_64: 'SVCB', UNKNOWN_65: 'HTTPS' }

function readPlain(bytes: Buffer): Omit<Question, 'id' | 'recursionDesired'> | null {
  let packet: DecodedPacket
  try {
    packet = decode(bytes)
  } catch {
    return null
  }
  const question = packet.questions?.[0]
  if (!question || decode.bytes !== bytes.length || !isSpelledOut(bytes, question.name)) return null
  const edns = ednsOf(packet)
  if (edns === undefined || !knownClasses.has(question.class ?? '')) return null
  const opt = packet.additionals?.[0] as OptAnswer | undefined
  return {
    asked: question.name,
    name: canonicalName(question.name),
    type: laterTypes[question.type] ?? question.type,
    class: question.class ?? 'IN',
    checkingDisabled: packet.flag_cd,
    wantsAuthentic: packet.flag_ad || opt?.flag_do === true,
    edns,
  }
}

/**
 * Is the name on the wire, label by label, the text the codec made of it? A pointer in a question, a dot within a
 * label or bytes that are no ASCII would make two different names look the same to whoever judges.
 */
function isSpelledOut(bytes: Buffer, name: string): boolean {
  let at = 12
  for (const label of name === '.' ? [] : name.split('.')) {
    if (bytes[at] !== label.length || bytes.toString('latin1', at + 1, at + 1 + label.length) !== label) return false
    at += label.length + 1
  }
  return bytes[at] === 0
}

/** @returns `undefined` when it is malformed, `null` when there is none */
function ednsOf({ additionals }: DecodedPacket): Edns | null | undefined {
  const opt = additionals?.[0]
  if (!opt) return null
  if (opt.type !== 'OPT' || opt.name !== '.') return undefined
  const cookies = opt.options.filter(({ code }) => Number(code) === 10)
  const cookie = cookies[0]?.data
  // RFC 7873, section 5.2.2: 8 bytes of the client, and none or 8 to 32 of the server.
  if (cookies.length > 1 || (cookie && cookie.length !== 8 && (cookie.length < 16 || cookie.length > 40))) return undefined
  return { payloadBytes: Math.max(512, opt.udpPayloadSize), version: opt.ednsVersion, clientCookie: cookie ? Buffer.from(cookie.subarray(0, 8)) : null }
}
