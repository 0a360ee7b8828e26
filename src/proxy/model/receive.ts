import { isUtf8 } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { apiOf, textOf, type Call, type Room, type StepResult } from './call.ts'
import { countMembers, parseObject } from './json-text.ts'
import { readingOf, readOn } from './known-reading.ts'
import { decided, malformed } from './refusal.ts'
import { tooLarge } from './route.ts'

/** Reads the body whole: what is not known whole can be neither judged nor inspected. */
export function receive(call: Call, room: Room): StepResult | Promise<StepResult> {
  if (call.route!.kind === 'models') return 'pass'
  if (room.running.size > room.options.maxConcurrent) return tooMany(room) // before its body takes our memory
  const { maxBodyBytes } = room.options
  const whole = call.exchange.bodyIfWhole(maxBodyBytes)
  if (whole) return room.held.take(call, whole.length) ? read(call, whole, room) : noRoom()
  // The announced length is not believed, what arrives is counted.
  return call.exchange.body(maxBodyBytes, (bytes) => room.held.take(call, bytes)).then((body) => {
    if (body === 'too-large') return tooLarge(room)
    if (body === 'no-room') return noRoom()
    if (body === 'broken') return malformed(400, 'request.broken', 'the request ended in the middle')
    return read(call, body, room)
  })
}

// Below, reading all of it is as fast.
const minKnownBytes = 32_768

function read(call: Call, body: Buffer, { knownClean }: Room): StepResult {
  call.end.bytesIn = body.length
  call.body = body
  if (body.length >= minKnownBytes) call.known = knownClean.acquaintance(body)
  const problem = goOnReading(call) ? null : readWhole(call)
  if (problem) return problem
  const { model, stream } = call.route!
  const ask = apiOf(call).readAsk(call.json, { model, stream, text: () => textOf(call) })
  if (typeof ask === 'string') return malformed(400, 'request.not-valid', ask)
  call.ask = ask
  return 'pass'
}

/** Reads what stands behind what an earlier request said. @returns false when all of it has to be read */
function goOnReading(call: Call): boolean {
  const { body, known } = call
  const earlier = known?.likeness?.earlier.reading
  const read = earlier && readOn(earlier, body, known!.likeness!.sameBytes)
  if (!read) return false
  call.json = read.json
  call.fingerprint = fingerprintOf(body, read.crc)
  known!.reading = read.reading
  return true
}

function readWhole(call: Call): StepResult | null {
  const { body, known } = call
  call.fingerprint = fingerprintOf(body, crc32(body))
  if (!isUtf8(body)) return malformed(400, 'request.not-utf8', 'the request is not UTF-8')
  const text = textOf(call)
  const json = parseObject(text)
  if (!json) return malformed(400, 'request.not-json', 'the request is not a JSON object')
  // The parser keeps one of two members with the same name: the text has one more than the object.
  if (countMembers(text) !== Object.keys(json).length) {
    return malformed(400, 'request.duplicate-key', 'a key occurs twice in the request; which one counts is not defined')
  }
  call.json = json
  // The second request of a conversation: there will be more of them.
  if (known?.likeness && known.likeness.sameBytes > body.length / 2) known.reading = known.likeness.earlier.reading ?? readingOf(body)
  return null
}

function fingerprintOf(body: Buffer, crc: number): string {
  return `${body.length}-${crc}`
}

function noRoom(): StepResult {
  return decided('limits.memory', 'the requests under way fill the memory set aside for them; try again shortly', 429)
}

function tooMany({ options }: Room): StepResult {
  const reason = `more than ${options.maxConcurrent} model calls are under way; try again shortly`
  return decided('limits.concurrent', reason, 429)
}
