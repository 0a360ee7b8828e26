import { isUtf8 } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { apiOf, textOf, type Call, type Room, type StepResult } from './call.ts'
import { countMembers, parseObject } from './json-text.ts'
import { decided, malformed, type Refusal } from './refusal.ts'
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

function read(call: Call, body: Buffer, { readings }: Room): StepResult {
  call.end.bytesIn = body.length
  call.body = body
  let problem: Refusal | null = null
  const readOn = readings.read(body, () => (problem = readWhole(call)) === null)
  if (problem) return problem
  if (readOn) {
    call.json = readOn.json
    call.fingerprint = fingerprintOf(body, readOn.crc)
  }
  const { model, stream } = call.route!
  const ask = apiOf(call).readAsk(call.json, { model, stream, text: () => textOf(call) })
  if (typeof ask === 'string') return malformed(400, 'request.not-valid', ask)
  call.ask = ask
  return 'pass'
}

function readWhole(call: Call): Refusal | null {
  const { body } = call
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
